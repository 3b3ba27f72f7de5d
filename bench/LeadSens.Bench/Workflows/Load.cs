using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Bench.Workflows;

/// <summary>What one run of the same operation over and over took.</summary>
internal sealed record LoadFigures(double PerSecond, double CpuMilliseconds, double P50, double P99);

/// <summary>Eight callers; each begins its next operation when its last one is done.</summary>
internal static class Load
{
    public const int Callers = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Starts instances that wait; answers their ids.</summary>
    public static async Task<(LoadFigures Figures, IReadOnlyList<Guid> Instances)> SuspendAsync(EngineNode node, int count, CancellationToken cancellationToken)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        return (await EachAsync(ids, (id, _) => node.Workflows.StartAsync(EngineNode.Waiting, EngineNode.Workspace, null, null, id, cancellationToken), cancellationToken), ids);
    }

    /// <summary>Sends each instance its stimulus; done when the commit that ends it was answered.</summary>
    public static Task<LoadFigures> ResumeAsync(EngineNode node, IReadOnlyList<Guid> instances, CancellationToken cancellationToken) => EachAsync(
        instances,
        async (id, _) =>
        {
            var end = node.Store.EndOf(id);
            var key = Wait.Key(id);
            await node.Workflows.SendAsync(new Stimulus(key, key), cancellationToken);
            await end;
        },
        cancellationToken);

    /// <summary>The median of each figure; time and CPU come first in what a scenario prints.</summary>
    public static JsonObject Medians(this IReadOnlyCollection<LoadFigures> runs) => new()
    {
        ["perSecond"] = Math.Round(runs.Select(run => run.PerSecond).Median()),
        ["cpuMillisecondsEach"] = Math.Round(runs.Select(run => run.CpuMilliseconds).Median(), 3),
        ["p50Milliseconds"] = Math.Round(runs.Select(run => run.P50).Median(), 3),
        ["p99Milliseconds"] = Math.Round(runs.Select(run => run.P99).Median(), 3),
    };

    /// <summary>How the engine's rate compares with that of bare Npgsql in the same run.</summary>
    public static void AddBare(this JsonObject results, IReadOnlyCollection<LoadFigures> runs, IReadOnlyCollection<LoadFigures> bare)
    {
        var perSecond = bare.Select(run => run.PerSecond).Median();
        results["bareInstancesPerSecond"] = Math.Round(perSecond);
        results["ratio"] = Math.Round(runs.Select(run => run.PerSecond).Median() / perSecond, 3);
    }

    /// <param name="operation">Gets the instance and the caller's number.</param>
    public static async Task<LoadFigures> EachAsync(IReadOnlyList<Guid> ids, Func<Guid, int, Task> operation, CancellationToken cancellationToken)
    {
        var open = new ConcurrentQueue<(Guid Id, int Index)>(ids.Select((id, index) => (id, index)));
        var milliseconds = new double[ids.Count];
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller), cancellationToken))).WaitAsync(Patience, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var used = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
        return new(ids.Count / seconds, used / ids.Count, Statistics.Percentile(milliseconds, 0.5), Statistics.Percentile(milliseconds, 0.99));

        async Task CallAsync(int caller)
        {
            while (open.TryDequeue(out var next))
            {
                var began = Stopwatch.GetTimestamp();
                await operation(next.Id, caller);
                milliseconds[next.Index] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }
    }
}
