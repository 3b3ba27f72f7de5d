using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace LeadSens.Engine.Tests.Running;

/// <summary>Laws that hold for every graph.</summary>
public sealed class RandomGraphTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(150);

    [Fact]
    public void Every_graph_ends_in_a_defined_state() => Prop.ForAll(Graphs().ToArbitrary(), async graph =>
    {
        var (engine, run) = await RunAllAsync(graph, pauses: false, perBurst: 1_000);
        var defined = run.SubStatus is WorkflowSubStatus.Finished or WorkflowSubStatus.Faulted;
        return defined && run.Status == WorkflowStatus.Finished && engine.Store.Bookmarks(engine.Id).Count == 0;
    }).Check(Config);

    [Fact]
    public void One_box_per_burst_gives_the_same_as_one_burst() => Prop.ForAll(Graphs().ToArbitrary(), async graph =>
    {
        var (whole, first) = await RunAllAsync(graph, pauses: false, perBurst: 100_000);
        var (parts, second) = await RunAllAsync(graph, pauses: false, perBurst: 1);
        return whole.Path == parts.Path && first.SubStatus == second.SubStatus && first.Incidents.Count == second.Incidents.Count;
    }).Check(Config);

    [Fact]
    public void Suspended_at_every_box_a_graph_runs_the_same_boxes() => Prop.ForAll(Graphs().Select(Calm).ToArbitrary(), async graph =>
    {
        var (straight, first) = await RunAllAsync(graph, pauses: false, perBurst: 1_000);
        var (suspended, second) = await RunAllAsync(graph, pauses: true, perBurst: 1_000);
        return Sorted(straight.Path) == Sorted(suspended.Path) && first.SubStatus == second.SubStatus;
    }).Check(Config);

    [Fact]
    public void A_state_reads_back_as_it_was_written() => Prop.ForAll(Graphs().ToArbitrary(), async graph =>
    {
        var (engine, _) = await RunAllAsync(graph, pauses: true, perBurst: 3, steps: graph.Boxes / 2);
        var definition = Draw(graph, pauses: true).Build();
        var bytes = (await engine.Store.SeizeAsync(engine.Id, default))!.State;
        return StateWriter.Write(StateReader.Read(bytes, definition)).SequenceEqual(bytes);
    }).Check(Config);

    /// <summary>Without what depends on who comes first: a fault ends the run while others wait, and branches race with a loop around them.</summary>
    private static Graph Calm(Graph graph)
    {
        var forks = graph.Seeds.Contains(2) || graph.Edges.Distinct().GroupBy(edge => (edge.From, edge.Port)).Any(group => group.Count() > 1);
        return graph with
        {
            Kinds = [.. graph.Kinds.Select(kind => kind == 4 ? 0 : kind)],
            Edges = forks ? [.. graph.Edges.Where(edge => edge.Port != "Again")] : graph.Edges,
            LoopFrom = forks ? -1 : graph.LoopFrom,
        };
    }

    private static string Sorted(string path) => string.Join(' ', path.Split(' ').Order());

    /// <summary>Runs a graph to its end (or for some steps); where it waits, every wait is ended, oldest first.</summary>
    private static async Task<(Engine Engine, RunResult Run)> RunAllAsync(Graph graph, bool pauses, int perBurst, int steps = int.MaxValue)
    {
        var engine = new Engine(Draw(graph, pauses), new RunnerOptions { ActivitiesPerBurst = perBurst });
        var run = await engine.StartAsync();
        while (run.Status == WorkflowStatus.Running && steps-- > 0)
        {
            var next = engine.Store.Bookmarks(engine.Id).OrderBy(bookmark => bookmark.Id).First();
            run = await engine.ResumeAsync(next.Key);
        }

        return (engine, run);
    }

    private static Flow Draw(Graph graph, bool pauses)
    {
        var flow = new Flow().StartsWith("b0");
        for (var i = 0; i < graph.Boxes; i++)
        {
            flow.Variable($"n{i}", "Int32", "0");
            var (type, properties) = graph.Kinds[i] switch
            {
                0 or 1 => ("Test.Walk", Walk(i)),
                2 => ("Elsa.FlowJoin", [("mode", Flow.Literal("WaitAll"))]),
                3 => ("Elsa.FlowJoin", [("mode", Flow.Literal("WaitAllActive"))]),
                4 => ("Elsa.Fault", []),
                _ => ("Test.Walk", Walk(i)),
            };
            flow.Box($"b{i}", type, properties);
        }

        foreach (var (from, port, to) in graph.Edges.Distinct())
        {
            if (graph.Kinds[from] is 4) continue;
            var walks = graph.Kinds[from] is not (2 or 3);
            flow.Connect($"b{from}.{(walks ? port : "Done")}->b{to}");
        }

        return flow;

        (string, JsonNode?)[] Walk(int i) =>
        [
            ("seed", Flow.Literal(graph.Seeds[i])), ("before", Flow.Read($"n{i}")), ("count", Flow.Capture($"n{i}")), ("pauses", Flow.Literal(pauses)), ("again", Flow.Literal(i == graph.LoopFrom)),
        ];
    }

    private static Gen<Graph> Graphs() =>
        from boxes in Gen.Choose(1, 30)
        from kinds in Gen.Choose(0, 30).ArrayOf(boxes)
        from seeds in Gen.Choose(0, 2).ArrayOf(boxes)
        from edges in Edge(boxes).ArrayOf(boxes * 3 / 2)
        from loops in Gen.Choose(0, 2)
        from loopFrom in Gen.Choose(0, boxes - 1)
        select Make(boxes, kinds, seeds, edges, loops > 0 ? loopFrom : -1);

    private static Gen<(int, string, int)> Edge(int boxes) =>
        from a in Gen.Choose(0, boxes - 1)
        from b in Gen.Choose(0, boxes - 1)
        from port in Gen.Elements("Left", "Right")
        select a < b ? (a, port, b) : (b, port, a);

    /// <summary>Connections lead from lower to higher numbers, so that the only way back is the loop to the start.</summary>
    private static Graph Make(int boxes, int[] kinds, int[] seeds, (int From, string Port, int To)[] edges, int loopFrom)
    {
        kinds[0] = 0;
        var all = edges.Where(edge => edge.From != edge.To).ToList();
        if (loopFrom >= 0)
        {
            kinds[loopFrom] = 0;
            all.Add((loopFrom, "Again", 0));
        }

        return new Graph(boxes, kinds, seeds, [.. all], loopFrom);
    }

    private sealed record Graph(int Boxes, int[] Kinds, int[] Seeds, (int From, string Port, int To)[] Edges, int LoopFrom);
}

/// <summary>Goes left, right or both ways by its seed; twice Again when it is the box that loops; waits once per run when told to.</summary>
[Activity("Test", Outcomes = ["Left", "Right", "Again", "Done"])]
public sealed class Walk : Activity
{
    public Input<int> Seed { get; } = new();
    public Input<int> Before { get; } = new();
    public Input<bool> Pauses { get; } = new();
    public Input<bool> Again { get; } = new();
    public Output<int> Count { get; } = new();

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.Get(Pauses) && context.Resumption is null) return ValueTask.FromResult(WaitFor(new BookmarkRequest("wait", $"walk:{context.ExecutionId}")));
        var count = context.Get(Before) + 1;
        context.Set(Count, count);
        if (context.Get(Again) && count <= 2) return ValueTask.FromResult(Complete("Again"));
        return ValueTask.FromResult(context.Get(Seed) switch { 0 => Complete("Left"), 1 => Complete("Right"), _ => Complete("Left", "Right") });
    }
}
