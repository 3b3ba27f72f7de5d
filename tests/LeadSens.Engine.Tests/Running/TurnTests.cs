namespace LeadSens.Engine.Tests.Running;

/// <summary>A run that goes on and on lets others have their turn, and spends no more than its budget.</summary>
public sealed class TurnTests
{
    private const int Endless = 1_000_000;

    [Fact]
    public async Task A_run_that_has_had_its_turn_is_behind_the_others()
    {
        var engine = await BegunAsync(Loop(new RunnerOptions { ActivitiesPerBurst = 7 }));
        (await TurnAsync(engine)).SubStatus.ShouldBe(WorkflowSubStatus.Executing);
        engine.Path.Split(' ').Length.ShouldBe(6, "the flowchart is a step too");
        var other = new NewInstance(Guid.CreateVersion7(), engine.Tenant, "other", "other-1", 1, null, null, "{}"u8.ToArray());
        await engine.Store.CommitAsync(
            new BurstCommit((await engine.Store.CreateAsync(other, default))!.Lease, "{}"u8.ToArray(), WorkflowStatus.Running, WorkflowSubStatus.Interrupted, null, null, 0, [], [], [], [], [], [], false), default);
        await TurnAsync(engine);
        (await engine.Store.AcquireAnyAsync(1, default)).ShouldHaveSingleItem().Lease.InstanceId.ShouldBe(other.Id);
        (await engine.Store.AcquireAnyAsync(1, default)).ShouldHaveSingleItem().Lease.InstanceId.ShouldBe(engine.Id);
    }

    [Theory]
    [InlineData("Test.Slow", WorkflowSubStatus.Executing)]
    [InlineData("Test.SlowOutside", WorkflowSubStatus.Finished)]
    public async Task Whoever_waits_for_a_run_waits_for_its_calls_but_not_for_its_work_without_end(string type, WorkflowSubStatus reaches)
    {
        var flow = new Flow().Box("a", type, ("takes", Flow.Literal("00:00:03"))).Box("b", type, ("takes", Flow.Literal("00:00:03"))).Box("c", type, ("takes", Flow.Literal("00:00:03"))).Connect("a->b b->c");
        var engine = new Engine(flow, new RunnerOptions { CallerTime = TimeSpan.FromSeconds(5) });
        engine.Services.Add(engine.Time);
        (await engine.StartAsync()).SubStatus.ShouldBe(reaches);
        if (reaches == WorkflowSubStatus.Executing) (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a b c");
    }

    [Fact]
    public async Task In_a_place_that_others_wait_for_a_call_ends_the_turn()
    {
        var flow = new Flow().Box("a", "Test.SlowOutside", ("takes", Flow.Literal("00:00:03"))).Box("b", "Test.SlowOutside", ("takes", Flow.Literal("00:00:03"))).Connect("a->b");
        var engine = new Engine(flow);
        engine.Services.Add(engine.Time);
        await BegunAsync(engine);
        (await TurnAsync(engine)).SubStatus.ShouldBe(WorkflowSubStatus.Executing);
        (await TurnAsync(engine)).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task A_run_that_has_spent_its_budget_stops_and_a_retry_grants_another()
    {
        var engine = Loop(new RunnerOptions { Budget = new RunBudget(100, long.MaxValue, TimeSpan.FromDays(1)) });
        await StopsAsync(engine, await engine.StartAsync(), 99);
        await StopsAsync(engine, (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull(), 199);
        (await engine.Runner.CancelAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Cancelled);
    }

    [Fact]
    public async Task The_journal_has_a_budget_too()
    {
        var engine = Loop(new RunnerOptions { Budget = new RunBudget(int.MaxValue, 10_000, TimeSpan.FromDays(1)) });
        (await engine.StartAsync()).Incidents.ShouldHaveSingleItem().Fault.Type.ShouldBe(RunBudget.Exceeded);
        engine.Store.Journal(engine.Id).Count.ShouldBeInRange(100, 250);
    }

    [Fact]
    public async Task What_arrives_for_a_stopped_run_is_taken_in_and_waits_with_it()
    {
        var flow = new Flow().Variable("n", "Int32", "0").Box("fork").Box("wait", "Test.Pause").Box("after").Connect("fork->wait wait->after")
            .Box("r", "Test.Rounds", ("times", Flow.Literal(Endless)), ("before", Flow.Read("n")), ("count", Flow.Capture("n"))).Connect("fork->r r.Again->r");
        var engine = new Engine(flow, new RunnerOptions { Budget = new RunBudget(50, long.MaxValue, TimeSpan.FromDays(1)) });
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        var run = await engine.ResumeAsync("go");
        (run.SubStatus, run.Incidents.Count).ShouldBe((WorkflowSubStatus.Suspended, 1));
        engine.Events("Completed").ShouldEndWith("wait");
        (await engine.Store.AcquireAsync(engine.Id, default)).ShouldBeNull("it has nothing to do until somebody retries it");
        await engine.Runner.RetryAsync(engine.Id, null, default);
        engine.Path.Split(' ').ShouldContain("after");
    }

    [Fact]
    public async Task A_box_in_which_nodes_died_is_not_run_again_by_itself()
    {
        var engine = new Engine(new Flow().Box("fork").Box("wait", "Test.Pause").Box("deadly").Box("z").Connect("fork->wait wait->deadly deadly->z"), new RunnerOptions { ActivitiesPerBurst = 100 });
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        // As a node leaves it that died in the box after the wait: what arrived is taken in, and the box is next.
        var leased = (await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull() with { Deaths = 1 };
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        (await engine.Runner.RunAsync(leased, stop.Token)).SubStatus.ShouldBe(WorkflowSubStatus.Interrupted);
        var run = await engine.Runner.RunAsync((await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull() with { Deaths = 3 }, default);
        run.SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
        (run.Incidents.ShouldHaveSingleItem().ActivityId, run.Incidents[0].Fault.Type).ShouldBe(("deadly", "NodeDied"));
        run.Incidents[0].Fault.Message.ShouldContain("died 3 times");
        engine.Path.ShouldBe("fork wait");
        (await engine.Runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task A_wait_in_whose_resumption_nodes_died_is_not_resumed_again()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        var run = await engine.Runner.RunAsync((await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull() with { Deaths = 3 }, default);
        (run.SubStatus, run.Incidents.ShouldHaveSingleItem().ActivityId).ShouldBe((WorkflowSubStatus.Faulted, "wait"));
    }

    [Fact]
    public async Task After_a_death_each_box_is_committed_before_the_next()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause").Box("a").Box("b").Box("c").Connect("wait->a a->b b->c"));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        await engine.Runner.RunAsync((await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull() with { Deaths = 1 }, default);
        engine.Path.ShouldBe("wait a b c");
        (await engine.CommitsAsync()).ShouldBe(5, "one until it waited and one for each box");
    }

    /// <summary>Created, and nothing of it run.</summary>
    private static async Task<Engine> BegunAsync(Engine engine)
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        (await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, engine.DefinitionId), stop.Token)).Errors.ShouldBeEmpty();
        return engine;
    }

    private static async Task<RunResult> TurnAsync(Engine engine) => await engine.Runner.RunTurnAsync((await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull(), default);

    private static async Task StopsAsync(Engine engine, RunResult run, int rounds)
    {
        (run.Status, run.SubStatus).ShouldBe((WorkflowStatus.Running, WorkflowSubStatus.Suspended));
        run.Incidents.ShouldHaveSingleItem().Fault.Type.ShouldBe(RunBudget.Exceeded);
        engine.Path.Split(' ').Length.ShouldBe(rounds);
        (await engine.Store.AcquireAsync(engine.Id, default)).ShouldBeNull();
    }

    private static Engine Loop(RunnerOptions options) => new(
        new Flow().Variable("n", "Int32", "0").Box("r", "Test.Rounds", ("times", Flow.Literal(Endless)), ("before", Flow.Read("n")), ("count", Flow.Capture("n"))).Connect("r.Again->r"), options);
}
