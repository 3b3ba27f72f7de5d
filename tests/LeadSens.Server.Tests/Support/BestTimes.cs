using System.Diagnostics;

namespace LeadSens.Server.Tests.Support;

/// <summary>How long two things take that should take alike, on a machine that does other things as well: in turns, and the best of each counts.</summary>
internal static class BestTimes
{
    private const int Least = 3, Most = 9;

    /// <summary>Until neither took a quarter of the other's time, or until it has been shown that one does.</summary>
    public static async Task<(TimeSpan First, TimeSpan Second)> OfAsync(Func<Task> first, Func<Task> second)
    {
        var (one, other) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Most && (round < Least || one < other / 4 || other < one / 4); round++)
        {
            one = await LessAsync(one, first);
            other = await LessAsync(other, second);
        }

        return (one, other);
    }

    private static async Task<TimeSpan> LessAsync(TimeSpan best, Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        return watch.Elapsed < best ? watch.Elapsed : best;
    }
}
