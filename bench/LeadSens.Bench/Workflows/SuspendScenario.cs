using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LeadSens.Bench.Workflows;

/// <summary>Starts instances that wait, measured; then ends them all, to see what a finished one leaves in the database.</summary>
internal sealed class SuspendScenario : Scenario
{
    private const int Runs = 5;

    public override string Name => "engine-suspend";
    public override string Summary => "start to suspend on PostgreSQL, 8 callers: rate, CPU; bytes per finished instance";
    public override string Options => "[--instances 1000]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var instances = arguments.Number("instances", 1_000);
        await using var database = await ThrowAwayDatabase.StartAsync(cancellationToken);
        await using var node = await EngineNode.StartAsync(database, cancellationToken);
        await node.PublishAsync(cancellationToken);
        await using var bare = await BareNpgsql.StartAsync(cancellationToken);
        await bare.SuspendAsync(instances, cancellationToken);
        var empty = await DatabaseFigures.ReadAsync(database.OwnerAddress);

        var suspended = new List<Guid>((await Load.SuspendAsync(node, instances, cancellationToken)).Instances);
        using var process = ProcessFigures.Watch(Environment.ProcessId);
        var seconds = 0.0;
        var (runs, bareRuns) = (new List<LoadFigures>(), new List<LoadFigures>());
        for (var run = 0; run < Runs; run++)
        {
            bareRuns.Add((await bare.SuspendAsync(instances, cancellationToken)).Figures);
            var started = Stopwatch.GetTimestamp();
            var (figures, ids) = await Load.SuspendAsync(node, instances, cancellationToken);
            seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            runs.Add(figures);
            suspended.AddRange(ids);
        }
        var cpu = runs.Sum(run => run.CpuMilliseconds) * instances / 1_000;
        var faults = new List<string>(await Invariants.SuspendedAsync(database, suspended.Count, cancellationToken));

        await Load.ResumeAsync(node, suspended, cancellationToken);
        faults.AddRange(await Invariants.EndedOnceAsync(database, suspended.Count, cancellationToken));
        var full = await DatabaseFigures.ReadAsync(database.OwnerAddress);
        var results = runs.Medians();
        results.AddBare(runs, bareRuns);
        results["bytesPerInstance"] = (full.Bytes - empty.Bytes) / suspended.Count;
        return new(new JsonObject { ["instances"] = instances, ["runs"] = Runs }, seconds, cpu, process.PeakMemoryMb, results, faults)
        {
            Targets = new Dictionary<string, string> { ["perSecond"] = ">= 3000", ["cpuMillisecondsEach"] = "<= 0.35", ["ratio"] = ">= 0.7", ["bytesPerInstance"] = "<= 3000" },
        };
    }
}
