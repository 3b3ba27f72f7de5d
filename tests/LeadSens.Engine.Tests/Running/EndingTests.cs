namespace LeadSens.Engine.Tests.Running;

/// <summary>What the host is told when an instance ends, and what it has written with the end.</summary>
public sealed class EndingTests
{
    [Fact]
    public async Task What_the_host_wants_written_is_written_with_the_end_and_only_then()
    {
        var (engine, health, told) = Listening(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        (health.Written, told.Count).ShouldBe((0, 0));
        await engine.ResumeAsync("go");
        (health.Written, told.Single()).ShouldBe((1, WorkflowSubStatus.Finished));
    }

    [Fact]
    public async Task A_faulted_instance_ends_again_after_its_retry()
    {
        var (engine, health, told) = Listening(new Flow().Box("fragile", "Test.Fragile"));
        engine.Services.Add(health);
        await engine.StartAsync();
        health.Broken = false;
        await engine.Runner.RetryAsync(engine.Id, null, default);
        told.ShouldBe([WorkflowSubStatus.Faulted, WorkflowSubStatus.Finished]);
        health.Written.ShouldBe(3, "two ends and the box");
    }

    [Fact]
    public async Task A_cancel_writes_its_end_and_the_burst_that_it_robbed_does_not()
    {
        var (engine, health, told) = Listening(new Flow().Box("call", "Test.Call"));
        engine.Services.Add(new Callback(async (_, _) =>
        {
            await engine.Runner.CancelAsync(engine.Id, null, default);
            return Call.Ends("Done");
        }));
        (await engine.StartAsync()).Committed.ShouldBeFalse();
        told.ShouldBe([WorkflowSubStatus.Cancelled, WorkflowSubStatus.Finished], "the robbed burst believed in its end");
        health.Written.ShouldBe(1);
    }

    [Fact]
    public async Task A_cancel_that_is_robbed_again_and_again_leaves_the_run_and_says_that_it_is_busy()
    {
        var robberies = 0;
        Engine engine = null!;
        engine = new Engine(new Flow().Box("slow", "Test.Pause"), new RunnerOptions
        {
            OnEnded = _ =>
            {
                robberies++;
                engine.Store.SeizeAsync(engine.Id, default).IsCompletedSuccessfully.ShouldBeTrue();
                return null;
            },
        });
        await engine.StartAsync();

        var run = (await engine.Runner.CancelAsync(engine.Id, null, default)).ShouldNotBeNull();

        (run.Committed, run.IsBusy, robberies).ShouldBe((false, true, 20));
        (await engine.Store.SeizeAsync(engine.Id, default)).ShouldNotBeNull("it goes on");
    }

    [Fact]
    public async Task With_incidents_allowed_a_run_with_one_ends_as_finished_and_tells_of_it()
    {
        var ended = new List<EndedInstance>();
        var flow = new Flow().GoesOnWithIncidents().Box("f").Box("bad", "Elsa.Fault").Box("slow", "Test.Pause").Box("end", "Elsa.End").Connect("f->bad f->slow slow->end");
        var engine = new Engine(flow, new RunnerOptions { OnEnded = instance => { ended.Add(instance); return null; } });
        await engine.StartAsync();
        await engine.ResumeAsync("go");
        var end = ended.ShouldHaveSingleItem();
        (end.SubStatus, end.Incidents.ShouldHaveSingleItem().ActivityId).ShouldBe((WorkflowSubStatus.Finished, "bad"));
    }

    private static (Engine, Health, List<WorkflowSubStatus>) Listening(Flow flow)
    {
        var (health, told) = (new Health(), new List<WorkflowSubStatus>());
        var options = new RunnerOptions
        {
            OnEnded = instance =>
            {
                told.Add(instance.SubStatus);
                return new Written(health);
            },
        };
        return (new Engine(flow, options), health, told);
    }
}
