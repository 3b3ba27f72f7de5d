using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LeadSens.Bench.Workflows;

/// <summary>A node that starts beside a million timers, and ten thousand that come due in the same second.</summary>
internal sealed class TimersScenario : Scenario
{
    private const int Runs = 5;
    private const string Due = "due";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public override string Name => "engine-timers";
    public override string Summary => "start-up with a million timers pending; lateness of 10,000 that are due in one second";
    public override string Options => "[--pending 1000000] [--due 10000]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var (pending, due) = (arguments.Number("pending", 1_000_000), arguments.Number("due", 10_000));
        await using var database = await ThrowAwayDatabase.StartAsync(cancellationToken);
        await using (var node = await EngineNode.StartAsync(database, cancellationToken)) await node.PublishAsync(cancellationToken);

        using var process = ProcessFigures.Watch(Environment.ProcessId);
        var started = Stopwatch.GetTimestamp();
        var without = await StartUpAsync(database, cancellationToken);
        await using (var node = await EngineNode.StartAsync(database, cancellationToken))
            await Population.FillAsync(database, node, EngineNode.Sleeping, "pending", pending, $"clock_now() + interval '30 days' + n * interval '30 days' / {pending}", cancellationToken);
        await Population.SettleAsync(database, cancellationToken);
        var with = await StartUpAsync(database, cancellationToken);

        await using var firing = await EngineNode.StartAsync(database, cancellationToken);
        await Population.FillAsync(database, firing, EngineNode.Sleeping, Due, due, $"clock_now() + interval '5 seconds' + n * interval '1 second' / {due}", cancellationToken);
        // A bookmark forgets its time when it is taken.
        await database.ExecuteAsync("create table due_times as select instance_id, due_at from workflow_bookmarks where due_at < clock_now() + interval '10 days'", cancellationToken);
        await EndAsync(firing, due, cancellationToken);
        var lateness = (await database.ListAsync<double>(
            $"""
            select extract(epoch from i.finished_at - d.due_at)::float8 * 1000 from workflow_instances i join due_times d on d.instance_id = i.id
            where i.correlation_id = '{Due}' and i.status = 'Finished'
            """, cancellationToken)).ToArray();

        var results = new JsonObject
        {
            ["startUpMilliseconds"] = Math.Round(without, 1), ["startUpWithTimersMilliseconds"] = Math.Round(with, 1),
            ["p50Milliseconds"] = Math.Round(Statistics.Percentile(lateness, 0.5)), ["p99Milliseconds"] = Math.Round(Statistics.Percentile(lateness, 0.99)),
            ["latestMilliseconds"] = Math.Round(lateness.Max()),
        };
        return new(
            new JsonObject { ["pending"] = pending, ["due"] = due, ["runs"] = Runs },
            Stopwatch.GetElapsedTime(started).TotalSeconds, process.CpuSeconds, process.PeakMemoryMb, results,
            await Invariants.EndedOnceAsync(database, due, cancellationToken, $"i.correlation_id = '{Due}'"))
        {
            Targets = new Dictionary<string, string> { ["startUpWithTimersMilliseconds"] = "as without", ["latestMilliseconds"] = "<= 10000" },
        };
    }

    /// <summary>From nothing to the first instance that waits.</summary>
    private static async Task<double> StartUpAsync(ThrowAwayDatabase database, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var run = 0; run <= Runs; run++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var node = await EngineNode.StartAsync(database, cancellationToken);
            await node.Workflows.StartAsync(EngineNode.Waiting, EngineNode.Workspace, null, null, Guid.CreateVersion7(), cancellationToken);
            if (run > 0) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return times.Median();
    }

    private static async Task EndAsync(EngineNode node, int due, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (node.Store.Ended < due && Stopwatch.GetElapsedTime(started) < Patience) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
    }
}
