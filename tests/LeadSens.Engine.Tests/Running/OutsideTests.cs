namespace LeadSens.Engine.Tests.Running;

/// <summary>Boxes that act outside: a crash repeats the act, but no other, and under the same id.</summary>
public sealed class OutsideTests
{
    private readonly List<(string Box, Guid Execution, string Committed)> acts = [];

    [Fact]
    public async Task What_ran_before_is_committed_before_a_box_acts_outside()
    {
        var engine = Drawn("a->out out->b b->out2 out2->c", _ => Task.CompletedTask);

        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);

        engine.Path.ShouldBe("a out b out2 c");
        acts.Select(act => act.Committed).ShouldBe(["a", "a out b"]);
        (await engine.CommitsAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_node_that_is_lost_after_the_act_repeats_it_under_the_same_id_and_nothing_else()
    {
        LeasedInstance? taken = null;
        var engine = Drawn("a->out out->out2 out2->c", async engine => taken = acts.Count is 1 or 2 or 4 ? await engine.Store.SeizeAsync(engine.Id, default) : null);

        (await engine.StartAsync()).Committed.ShouldBeFalse();
        while (taken is { } lost) await engine.Runner.RunAsync(lost, default);

        engine.Path.ShouldBe("a out out2 c");
        acts.Select(act => act.Box).ShouldBe(["out", "out", "out", "out2", "out2"]);
        acts.Select(act => act.Execution).Distinct().Count().ShouldBe(2);
    }

    private Engine Drawn(string connections, Func<Engine, Task> then)
    {
        var flow = new Flow();
        foreach (var box in connections.Split(["->", " "], StringSplitOptions.None).Distinct()) flow.Box(box, box.StartsWith("out", StringComparison.Ordinal) ? "Test.Outside" : "Test.Step");
        var engine = new Engine(flow.Connect(connections));
        engine.Services.Add(new Act(async (box, execution) =>
        {
            acts.Add((box, execution, engine.Path));
            await then(engine);
        }));
        return engine;
    }
}
