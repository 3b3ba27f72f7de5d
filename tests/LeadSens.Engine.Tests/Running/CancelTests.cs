namespace LeadSens.Engine.Tests.Running;

public sealed class CancelTests
{
    [Fact]
    public async Task Cancel_ends_a_waiting_instance_and_closes_its_waits()
    {
        var ended = new List<WorkflowSubStatus>();
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"), new RunnerOptions { OnEnded = instance => { ended.Add(instance.SubStatus); return null; } });
        await engine.StartAsync();
        var run = (await engine.Runner.CancelAsync(engine.Id, "not wanted", default)).ShouldNotBeNull();
        (run.Status, run.SubStatus, run.Committed).ShouldBe((WorkflowStatus.Finished, WorkflowSubStatus.Cancelled, true));
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
        engine.Events("Canceled").ShouldBe("wait");
        ended.ShouldBe([WorkflowSubStatus.Cancelled]);
        (await engine.Runner.CancelAsync(engine.Id, null, default)).ShouldBeNull();
        (await engine.Runner.CancelAsync(Guid.CreateVersion7(), null, default)).ShouldBeNull();
        ended.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_journal_says_once_for_each_box_that_it_was_cancelled_and_why_at_the_root()
    {
        var engine = new Engine(new Flow().Box("s", "Elsa.Sequence", ("activities", new System.Text.Json.Nodes.JsonArray(Flow.Activity("wait", "Test.Pause")))));
        await engine.StartAsync();
        await engine.Runner.CancelAsync(engine.Id, "not wanted", default);
        var cancelled = engine.Store.Journal(engine.Id).Where(entry => entry.EventName == "Canceled").ToList();
        cancelled.Select(entry => (entry.ActivityId, entry.Message)).ShouldBe([("wait", null), ("s", null), ("root", "not wanted")]);
    }

    [Fact]
    public async Task An_instance_that_never_ran_can_be_cancelled()
    {
        var engine = new Engine(new Flow().Box("a"));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), gone.Token);
        (await engine.Runner.CancelAsync(engine.Id, "too late", default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Cancelled);
        engine.Story.ShouldBe("Canceled root");
        engine.Entry("root", "Canceled").Message.ShouldBe("too late");
        (await engine.Store.AcquireAsync(engine.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_stimulus_after_the_cancel_wakes_nobody()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        await engine.Runner.CancelAsync(engine.Id, null, default);
        (await engine.Store.SendAsync(new Stimulus("go", "late"), default)).ShouldBeTrue();
        (await engine.Store.AcquireAsync(engine.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_cancel_that_comes_after_the_end_leaves_it_as_it_was()
    {
        var engine = new Engine(new Flow().Output("R").Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Literal(1))));
        await engine.StartAsync();
        (await engine.Runner.CancelAsync(engine.Id, "late", default)).ShouldBeNull();
        engine.Story.ShouldBe("Started root, Started o, Completed o, Completed root");
        (await engine.StateAsync()).GetProperty("output").GetRawText().ShouldBe("""{"R":1}""");
    }
}
