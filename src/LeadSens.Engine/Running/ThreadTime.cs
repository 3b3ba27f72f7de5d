using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LeadSens.Engine;

/// <summary>What a piece of work took of a processor: a machine that has other work as well makes it wait, but charges nobody for that.</summary>
internal readonly partial record struct ThreadTime
{
    private const int ThreadCpu = 3;

    private readonly int _thread;
    private readonly long _cpu;
    private readonly long _clock;

    private ThreadTime(int thread, long cpu, long clock) => (_thread, _cpu, _clock) = (thread, cpu, clock);

    public static ThreadTime Begin() => new(Environment.CurrentManagedThreadId, Cpu(), Stopwatch.GetTimestamp());

    /// <summary>Since the beginning. Where the system does not say, it is the time that has passed; work that went on in another thread was waiting, for the most part, and is not counted.</summary>
    public TimeSpan Elapsed => _thread != Environment.CurrentManagedThreadId ? TimeSpan.Zero
        : _cpu >= 0 ? TimeSpan.FromMicroseconds((Cpu() - _cpu) / 1_000.0) : Stopwatch.GetElapsedTime(_clock);

    /// <summary>In nanoseconds; -1 where it is not known.</summary>
    private static long Cpu() => OperatingSystem.IsLinux() && clock_gettime(ThreadCpu, out var time) == 0 ? time.Seconds * 1_000_000_000 + time.Nanoseconds : -1;

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Time(nint Seconds, nint Nanoseconds);

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);
}
