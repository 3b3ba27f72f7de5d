using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LeadSens.Bench.Workflows;

/// <summary>Resumes suspended instances: stimulus, lease, burst, end.</summary>
internal sealed class ResumeScenario : Scenario
{
    private const int Runs = 5;

    public override string Name => "engine-resume";
    public override string Summary => "resume to finish on PostgreSQL, 8 callers: rate, CPU, latency";
    public override string Options => "[--instances 1000]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var instances = arguments.Number("instances", 1_000);
        await using var database = await ThrowAwayDatabase.StartAsync(cancellationToken);
        await using var node = await EngineNode.StartAsync(database, cancellationToken);
        await node.PublishAsync(cancellationToken);
        await using var bare = await BareNpgsql.StartAsync(cancellationToken);

        var (runs, bareRuns) = (new List<LoadFigures>(), new List<LoadFigures>());
        using var process = ProcessFigures.Watch(Environment.ProcessId);
        var seconds = 0.0;
        for (var run = 0; run <= Runs; run++)
        {
            var bareFigures = await bare.ResumeAsync((await bare.SuspendAsync(instances, cancellationToken)).Instances, cancellationToken);
            var (_, suspended) = await Load.SuspendAsync(node, instances, cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var figures = await Load.ResumeAsync(node, suspended, cancellationToken);
            if (run == 0) continue;
            seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            runs.Add(figures);
            bareRuns.Add(bareFigures);
        }
        var cpu = runs.Sum(run => run.CpuMilliseconds) * instances / 1_000;
        var faults = await Invariants.EndedOnceAsync(database, instances * (Runs + 1), cancellationToken);
        var results = runs.Medians();
        results.AddBare(runs, bareRuns);
        return new(new JsonObject { ["instances"] = instances, ["runs"] = Runs }, seconds, cpu, process.PeakMemoryMb, results, faults)
        {
            Targets = new Dictionary<string, string> { ["perSecond"] = ">= 3000", ["cpuMillisecondsEach"] = "<= 0.35", ["ratio"] = ">= 0.7" },
        };
    }
}
