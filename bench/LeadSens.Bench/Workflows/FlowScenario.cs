using System.Diagnostics;
using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Bench.Workflows;

/// <summary>The engine alone: a flowchart of ten boxes from its start to its end in memory, one instance after the other on one thread.</summary>
internal sealed class FlowScenario(string name, string summary, Func<int, JsonObject> box, IReadOnlyDictionary<string, string> targets) : Scenario
{
    private const int Boxes = 10;
    private const int Runs = 5;

    /// <summary>Instances that one store keeps; it remembers all of them.</summary>
    private const int PerStore = 500;

    public static FlowScenario Plain { get; } = new(
        "engine-flow", "a flowchart of 10 no-op activities in memory: time and bytes per activity", n => Graph.Box($"box{n}", "Bench.NoOp"),
        new Dictionary<string, string> { ["microsecondsPerActivity"] = "<= 1.5", ["bytesPerActivity"] = "<= 1500" });

    public static FlowScenario Script { get; } = new(
        "engine-js", "the same with a JavaScript expression per activity",
        n => Graph.Box($"box{n}", "Bench.Take", "value", "Int64", "JavaScript", $"variables.count + {n}"),
        new Dictionary<string, string> { ["microsecondsPerActivity"] = "<= 5" });

    public static FlowScenario Host { get; } = new(
        "engine-host", "the same with a JavaScript expression per activity that has to run in a script host (--instances 500 is enough)",
        n => Graph.Box($"box{n}", "Bench.Take", "value", "Int64", "JavaScript", $"[variables.count, {n}].reduce((sum, one) => sum + one, 0)"),
        new Dictionary<string, string> { ["microsecondsPerActivity"] = "<= 1000" });

    public override string Name => name;
    public override string Summary => summary;
    public override string Options => "[--instances 30000]";

    public override async Task<BenchResult> RunAsync(BenchArguments arguments, CancellationToken cancellationToken)
    {
        var instances = arguments.Number("instances", 30_000);
        var read = DefinitionReader.Read(Graph.Line(name, [.. Enumerable.Range(0, Boxes).Select(box)]), Graph.Register(new ActivityRegistry()));
        if (!read.IsValid) throw new InvalidOperationException(string.Join("; ", read.Errors));
        var source = new OneDefinition(read.Definition!);

        await MeasureAsync(source, instances, cancellationToken);
        using var process = ProcessFigures.Watch(Environment.ProcessId);
        var started = Stopwatch.GetTimestamp();
        var runs = new List<FlowRun>();
        for (var run = 0; run < Runs; run++) runs.Add(await MeasureAsync(source, instances, cancellationToken));

        var failed = runs.Sum(run => run.Failed);
        return new(
            new() { ["instances"] = instances, ["activities"] = Boxes, ["runs"] = Runs },
            Stopwatch.GetElapsedTime(started).TotalSeconds, process.CpuSeconds, process.PeakMemoryMb,
            new()
            {
                ["microsecondsPerActivity"] = Math.Round(runs.Select(run => run.Microseconds).Median(), 3),
                ["bytesPerActivity"] = Math.Round(runs.Select(run => run.Bytes).Median()),
            },
            failed == 0 ? [] : [$"{failed} instances did not end as they should"])
        {
            Targets = targets,
        };
    }

    private static async Task<FlowRun> MeasureAsync(OneDefinition source, int instances, CancellationToken cancellationToken)
    {
        var (tenant, failed) = (Guid.CreateVersion7(), 0);
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        for (var done = 0; done < instances; done += PerStore)
        {
            var runner = new WorkflowRunner(new InMemoryWorkflowStore(TimeProvider.System), source, source, TimeProvider.System, new RunnerOptions());
            for (var at = done; at < Math.Min(instances, done + PerStore); at++)
            {
                var start = await runner.StartAsync(new StartRequest(Guid.CreateVersion7(), tenant, source.Definition.Id), cancellationToken);
                if (start.Run is not { SubStatus: WorkflowSubStatus.Finished, Committed: true }) failed++;
            }
        }
        var time = Stopwatch.GetElapsedTime(started);
        return new(time.TotalMicroseconds / instances / Boxes, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)instances / Boxes, failed);
    }

    private sealed record FlowRun(double Microseconds, double Bytes, int Failed);

    private sealed class OneDefinition(WorkflowDefinition definition) : IDefinitionSource, IServiceProvider
    {
        public WorkflowDefinition Definition => definition;

        public ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken) => ValueTask.FromResult<WorkflowDefinition?>(definition);

        public object? GetService(Type serviceType) => null;
    }
}
