using System.Diagnostics;
using Jint;

namespace LeadSens.Scripts;

/// <summary>Ends a script that has used its time on the processor. On a busy machine the clock on the wall says nothing about a script; whoever started the
/// process looks at both.</summary>
internal sealed class CpuConstraint(TimeSpan time) : Constraint
{
    private TimeSpan _before;
    private long _next;

    public override void Reset()
    {
        _before = Environment.CpuUsage.TotalTime;
        _next = Stopwatch.GetTimestamp() + Ticks(time);
    }

    public override void Check()
    {
        // No more can have been used than has passed.
        if (Stopwatch.GetTimestamp() < _next) return;
        var left = time - (Environment.CpuUsage.TotalTime - _before);
        if (left <= TimeSpan.Zero) throw new TimeoutException();
        _next = Stopwatch.GetTimestamp() + Ticks(left);
    }

    private static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);
}
