namespace LeadSens.Engine.Tests.Running;

/// <summary>A node that lost its lease writes nothing, whatever it was doing.</summary>
public sealed class LeaseTests
{
    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause").Box("b").Connect("wait->b"));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        var leased = (await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull();
        await engine.Runner.CancelAsync(engine.Id, null, default);
        (await engine.Runner.RunAsync(leased, default)).Committed.ShouldBeFalse();
        engine.Path.ShouldBe("");
    }

    [Fact]
    public async Task A_cancel_during_a_burst_wins()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("fork").Box("call", "Test.Call").Box("wait", "Test.Pause").Connect("fork->call call->wait"));
        engine.Services.Add(new Callback(async (context, _) =>
        {
            context.Enlist(new Written(health));
            (await engine.Runner.CancelAsync(engine.Id, "stop", default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Cancelled);
            return Call.Ends("Done");
        }));
        (await engine.StartAsync()).Committed.ShouldBeFalse();
        health.Written.ShouldBe(0);
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
        engine.Story.ShouldBe("Canceled root", "the burst that was robbed had not committed");
        (await engine.StateAsync()).GetProperty("sub").GetInt32().ShouldBe((int)WorkflowSubStatus.Cancelled);
    }

    [Fact]
    public async Task What_earlier_bursts_committed_stays_when_a_later_one_is_robbed()
    {
        var engine = new Engine(new Flow().Box("a").Box("call", "Test.Call").Box("never").Connect("a->call call->never"), new RunnerOptions { ActivitiesPerBurst = 1 });
        engine.Services.Add(new Callback(async (_, _) =>
        {
            await engine.Runner.CancelAsync(engine.Id, null, default);
            return Call.Ends("Done");
        }));
        (await engine.StartAsync()).Committed.ShouldBeFalse();
        engine.Path.ShouldBe("a");
        engine.Events("Started").ShouldBe("a", "the box that robbed its own burst left no trace");
    }

    [Fact]
    public async Task A_robbed_burst_sends_no_stimulus_and_consumes_no_resumption()
    {
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        var calls = 0;
        LeasedInstance? thief = null;
        engine.Services.Add(new Callback(async (context, _) =>
        {
            if (context.Resumption is null) return Call.Waits(new BookmarkRequest("one", "k1"));
            context.Send(new Stimulus("elsewhere", "once"));
            if (++calls == 1) thief = await engine.Store.SeizeAsync(engine.Id, default);
            return Call.Ends("Done");
        }));
        await engine.StartAsync();
        (await engine.ResumeAsync("k1")).Committed.ShouldBeFalse();
        (await engine.Store.SendAsync(new Stimulus("elsewhere", "once"), default)).ShouldBeTrue("the robbed burst had sent it");
        thief.ShouldNotBeNull().Inbox.ShouldHaveSingleItem();
        var run = await engine.Runner.RunAsync(thief, default);
        (run.Committed, run.SubStatus, calls).ShouldBe((true, WorkflowSubStatus.Finished, 2));
    }

    [Fact]
    public async Task A_retry_robs_nobody()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("fragile", "Test.Fragile"));
        engine.Services.Add(health);
        await engine.StartAsync();
        var held = (await engine.Store.SeizeAsync(engine.Id, default)).ShouldNotBeNull();
        health.Broken = false;
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().IsBusy.ShouldBeTrue();
        (await engine.Runner.CancelAsync(engine.Id, null, default)).ShouldNotBeNull().Committed.ShouldBeTrue();
        (await engine.Runner.RunAsync(held, default)).Committed.ShouldBeFalse();
        engine.Path.ShouldBe("");
    }
}
