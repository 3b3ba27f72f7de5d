using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.BuiltIn;

public sealed class SequenceTests
{
    [Fact]
    public async Task It_runs_its_boxes_one_after_the_other()
    {
        var engine = Sequence(Flow.Activity("a", "Test.Step"), Flow.Activity("wait", "Test.Pause"), Flow.Activity("b", "Test.Step"));
        await engine.StartAsync();
        engine.Path.ShouldBe("a");
        (await engine.ResumeAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a wait b z");
    }

    [Fact]
    public async Task An_empty_one_is_done()
    {
        var engine = Sequence();
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("z");
    }

    [Theory]
    [InlineData("Elsa.End", "a stop z")]
    [InlineData("Elsa.Finish", "a stop")]
    public async Task A_terminal_box_ends_it_early(string type, string path)
    {
        var engine = Sequence(Flow.Activity("a", "Test.Step"), Flow.Activity("stop", type), Flow.Activity("never", "Test.Step"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe(path);
    }

    [Fact]
    public async Task It_goes_on_whatever_the_outcome_of_a_box_is()
    {
        var engine = Sequence(Flow.Activity("d", "Elsa.FlowDecision", ("condition", Flow.Literal(false))), Flow.Activity("b", "Test.Step"));
        await engine.StartAsync();
        engine.Path.ShouldBe("d b z");
    }

    [Fact]
    public async Task A_box_that_faulted_is_retried_at_its_place()
    {
        var health = new Health();
        var engine = Sequence(Flow.Activity("a", "Test.Step"), Flow.Activity("fragile", "Test.Fragile"), Flow.Activity("b", "Test.Step"));
        engine.Services.Add(health);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        health.Broken = false;
        await engine.Runner.RetryAsync(engine.Id, null, default);
        engine.Path.ShouldBe("a fragile b z");
    }

    [Fact]
    public async Task Sequences_may_stand_in_sequences()
    {
        JsonObject box = Flow.Activity("wait", "Test.Pause");
        for (var depth = 10; depth > 0; depth--) box = Flow.Activity($"s{depth}", "Elsa.Sequence", ("activities", new JsonArray(box)));
        var engine = Sequence(box);
        await engine.StartAsync();
        engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem().NodeId.ShouldBe("Workflow1:root:s:s1:s2:s3:s4:s5:s6:s7:s8:s9:s10:wait");
        (await engine.ResumeAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    private static Engine Sequence(params JsonNode[] boxes) => new(new Flow().Box("s", "Elsa.Sequence", ("activities", new JsonArray(boxes))).Box("z").Connect("s->z"));
}
