using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LeadSens.Bench.Workflows;

/// <summary>Resumes instances from anywhere in a store that holds more and more suspended ones.</summary>
internal sealed class ScaleScenario : Scenario
{
    private const int Runs = 5;
    private const int PerRun = 1_000;
    private const string Correlation = "scale";

    public override string Name => "engine-scale";
    public override string Summary => "engine-resume with 1,000, 100,000 and 1,000,000 suspended instances in the store: p99";
    public override string Options => "[--most 1000000]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var most = arguments.Number("most", 1_000_000);
        await using var database = await ThrowAwayDatabase.StartAsync(cancellationToken);
        await using var node = await EngineNode.StartAsync(database, cancellationToken);
        await node.PublishAsync(cancellationToken);
        var (_, warmUp) = await Load.SuspendAsync(node, 2 * PerRun, cancellationToken);
        await Load.ResumeAsync(node, warmUp, cancellationToken);

        using var process = ProcessFigures.Watch(Environment.ProcessId);
        var started = Stopwatch.GetTimestamp();
        var (bySize, filled, ended) = (new JsonObject(), 0, 0);
        var p99 = new List<double>();
        foreach (var size in (int[])[1_000, 100_000, most])
        {
            // What was resumed is filled up before each run, so that every run finds this many.
            await FillAsync(size - filled + ended);
            (filled, ended) = (size, 0);
            await Population.SettleAsync(database, cancellationToken);
            var runs = new List<LoadFigures>();
            for (var run = 0; run <= Runs; run++)
            {
                await FillAsync(ended);
                var picked = await Population.PickAsync(database, PerRun, cancellationToken);
                var figures = await Load.ResumeAsync(node, picked, cancellationToken);
                ended = PerRun;
                if (run > 0) runs.Add(figures);
            }
            bySize[size.ToString(CultureInfo.InvariantCulture)] = runs.Medians();
            p99.Add(runs.Select(run => run.P99).Median());
        }
        var faults = await Invariants.EndedOnceAsync(database, p99.Count * (Runs + 1) * PerRun, cancellationToken, $"i.correlation_id = '{Correlation}' and i.status = 'Finished'");
        var results = new JsonObject { ["p99Milliseconds"] = Math.Round(p99[^1], 3), ["overSmallest"] = Math.Round(p99.Max() / p99[0], 3), ["bySuspended"] = bySize };
        return new(
            new JsonObject { ["most"] = most, ["runs"] = Runs, ["instances"] = PerRun },
            Stopwatch.GetElapsedTime(started).TotalSeconds, process.CpuSeconds, process.PeakMemoryMb, results, faults)
        {
            Targets = new Dictionary<string, string> { ["overSmallest"] = "<= 1.5" },
        };

        Task FillAsync(int count) => Population.FillAsync(database, node, EngineNode.Waiting, Correlation, count, null, cancellationToken);
    }
}
