using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LeadSens.Server.Tests.Support;

/// <summary>Waits for a condition instead of for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <exception cref="TimeoutException">The condition did not come true; the message shows it.</exception>
    public static async Task Be(Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (within ?? Deadline))
                throw new TimeoutException($"Not true within {within ?? Deadline}: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public static Task Be(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Be(() => Task.FromResult(condition()), within, what);
}
