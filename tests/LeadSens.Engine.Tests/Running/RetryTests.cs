namespace LeadSens.Engine.Tests.Running;

public sealed class RetryTests
{
    [Fact]
    public async Task A_retry_goes_on_from_the_faulted_box()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("a").Box("fragile", "Test.Fragile").Box("z").Connect("a->fragile fragile->z"));
        engine.Services.Add(health);
        await engine.StartAsync();
        (await engine.Runner.RetryAsync(engine.Id, ["a"], default)).ShouldBeNull();
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        health.Broken = false;
        var run = (await engine.Runner.RetryAsync(engine.Id, ["fragile"], default)).ShouldNotBeNull();
        run.SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        run.Incidents.ShouldBeEmpty();
        engine.Path.ShouldBe("a fragile z");
        health.Written.ShouldBe(1);
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldBeNull();
        (await engine.Runner.RetryAsync(Guid.CreateVersion7(), null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_branch_that_waited_when_another_faulted_goes_on_after_the_retry()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("f").Box("wait", "Test.Pause").Box("fragile", "Test.Fragile").Box("z").Connect("f->wait f->fragile wait->z fragile->z"));
        engine.Services.Add(health);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        health.Broken = false;
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldEndWith("z");
    }

    [Fact]
    public async Task A_retry_of_one_box_leaves_the_other_incident()
    {
        var health = new Health();
        var engine = new Engine(new Flow().GoesOnWithIncidents().Box("fork").Box("x", "Test.Fragile").Box("y", "Test.Fragile").Box("z").Connect("fork->x fork->y x->z y->z"));
        engine.Services.Add(health);
        (await engine.StartAsync()).Incidents.Count.ShouldBe(2);
        health.Broken = false;
        var run = (await engine.Runner.RetryAsync(engine.Id, ["y"], default)).ShouldNotBeNull();
        (run.SubStatus, run.Incidents.ShouldHaveSingleItem().ActivityId).ShouldBe((WorkflowSubStatus.Suspended, "x"));
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("fork y x z");
    }

    [Fact]
    public async Task A_retried_box_evaluates_its_inputs_anew()
    {
        var engine = new Engine(new Flow().Variable("n", "Int32", "0").Box("call", "Test.Call", ("text", Flow.Js("setVariable('n', getVariable('n') + 1); getVariable('n')"))));
        var seen = new List<string?>();
        engine.Services.Add(Callback.Of((context, box) =>
        {
            seen.Add(context.Get(box.Text));
            return seen.Count < 3 ? throw new InvalidOperationException("again") : Call.Ends("Done");
        }));
        await engine.StartAsync();
        await engine.Runner.RetryAsync(engine.Id, null, default);
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        seen.ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_retried_box_is_a_new_execution_of_the_journal()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("fragile", "Test.Fragile"));
        engine.Services.Add(health);
        await engine.StartAsync();
        health.Broken = false;
        await engine.Runner.RetryAsync(engine.Id, null, default);
        engine.Story.ShouldBe("Started root, Started fragile, Faulted fragile, Started fragile, Completed fragile, Completed root");
        engine.Entry("fragile").ExecutionId.ShouldNotBe(engine.Entry("fragile", "Faulted").ExecutionId);
    }

    [Fact]
    public async Task A_retry_is_written_with_its_note_before_it_runs()
    {
        var (noted, seen) = (new Health(), new List<int>());
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        engine.Services.Add(Callback.Of((_, _) =>
        {
            seen.Add(noted.Written);
            return seen.Count == 1 ? throw new InvalidOperationException("again") : Call.Ends("Done");
        }));
        await engine.StartAsync();
        (await engine.Runner.RetryAsync(engine.Id, null, new Written(noted), default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        seen.ShouldBe([0, 1]);
    }

    [Fact]
    public async Task What_breaks_under_a_lease_is_told_with_that_lease()
    {
        var broken = new List<InstanceLease>();
        var options = new RunnerOptions { IsOutage = _ => true, OnBroke = (lease, _) => { broken.Add(lease); return Task.CompletedTask; } };
        var engine = new Engine(new Flow().Box("call", "Test.Call"), options);
        engine.Services.Add(Callback.Of((_, _) => throw new TimeoutException("the database is away")));
        await Should.ThrowAsync<TimeoutException>(() => engine.StartAsync());
        broken.ShouldHaveSingleItem().InstanceId.ShouldBe(engine.Id);
        (await engine.Runner.CancelAsync(Guid.CreateVersion7(), null, default)).ShouldBeNull();
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldBeNull("it has met no incident");
        broken.Count.ShouldBe(1, "who holds no lease gives none back");
    }

    [Fact]
    public async Task A_cancelled_instance_cannot_be_retried()
    {
        var engine = new Engine(new Flow().Box("fragile", "Test.Fragile"));
        engine.Services.Add(new Health());
        await engine.StartAsync();
        (await engine.Runner.CancelAsync(engine.Id, null, default)).ShouldNotBeNull("a faulted instance can be given up").SubStatus.ShouldBe(WorkflowSubStatus.Cancelled);
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_retry_with_nothing_to_retry_hands_on_what_has_arrived()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause").Box("b").Connect("wait->b"));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldBeNull();
        if (await engine.Store.AcquireAsync(engine.Id, default) is { } leased) await engine.Runner.RunAsync(leased, default);
        engine.Path.ShouldBe("wait b");
    }
}
