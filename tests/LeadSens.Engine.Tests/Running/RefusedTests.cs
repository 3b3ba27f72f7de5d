using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Running;

/// <summary>What a store does not take, and who takes a lease from whom.</summary>
public sealed class RefusedTests
{
    [Fact]
    public async Task A_burst_that_cannot_be_stored_is_an_incident_and_calls_nobody_again()
    {
        var (calls, broke) = (0, 0);
        var engine = new Engine(new Flow().Box("call", "Test.Call").Box("name", "Elsa.SetName", ("value", Flow.Literal("unstorable"))).Connect("call->name"))
        {
            Services = { Callback.Of((_, _) => { calls++; return Call.Ends("Done"); }) },
        };
        var store = new ParticularStore(engine.Store) { Refuses = commit => commit.Name == "unstorable" };
        var runner = new WorkflowRunner(store, engine, engine, engine.Time, new RunnerOptions { IsRefused = error => error is RefusedException, OnBroke = (_, _) => { broke++; return Task.CompletedTask; } });

        await Should.ThrowAsync<RefusedException>(() => runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, engine.DefinitionId), default));

        (calls, broke).ShouldBe((1, 1));
        engine.Store.Journal(engine.Id).Single(entry => entry.EventName == "Faulted").Message.ShouldNotBeNull().ShouldContain("cannot be stored");
        (await engine.Store.AcquireAsync(engine.Id, default)).ShouldBeNull("nobody runs it again by itself");
        store.Refuses = _ => false;
        (await runner.RetryAsync(engine.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task What_cannot_be_stored_when_it_takes_in_what_arrived_is_an_incident_of_the_box_that_waited()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause").Box("name", "Elsa.SetName", ("value", Flow.Literal("unstorable"))).Connect("wait->name"));
        await engine.StartAsync();
        var store = new ParticularStore(engine.Store) { Refuses = commit => commit.Name == "unstorable" };
        var runner = new WorkflowRunner(store, engine, engine, engine.Time, new RunnerOptions { IsRefused = error => error is RefusedException, OnBroke = (_, _) => Task.CompletedTask });
        await store.SendAsync(new Stimulus("go", "go", Payload: JsonValue.Create("Done")), default);
        var leased = (await store.AcquireAsync(engine.Id, default)).ShouldNotBeNull();

        await Should.ThrowAsync<RefusedException>(() => runner.RunAsync(leased, default));

        engine.Events("Faulted").ShouldBe("wait");
        (await engine.Store.AcquireAsync(engine.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_cancel_whose_lease_is_taken_by_somebody_who_dies_cancels_all_the_same()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        var robberies = 2;
        var store = new ParticularStore(engine.Store);
        store.Before = async commit => _ = robberies-- > 0 ? await engine.Store.SeizeAsync(commit.Lease.InstanceId, default) : null;
        var runner = new WorkflowRunner(store, engine, engine, engine.Time, new RunnerOptions());

        (await runner.CancelAsync(engine.Id, null, default)).ShouldNotBeNull().Committed.ShouldBeTrue();

        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
        engine.Events("Canceled").ShouldBe("wait");
    }

    private sealed class RefusedException() : Exception("refused");

    /// <summary>A store that does something before it commits, and does not take everything.</summary>
    private sealed class ParticularStore(WorkflowStore store) : WorkflowStore
    {
        public Func<BurstCommit, bool> Refuses { get; set; } = _ => false;

        public Func<BurstCommit, Task> Before { get; set; } = _ => Task.CompletedTask;

        public override async Task<CommitResult> CommitAsync(BurstCommit commit, CancellationToken cancellationToken)
        {
            await Before(commit);
            return Refuses(commit) ? throw new RefusedException() : await store.CommitAsync(commit, cancellationToken);
        }

        public override Task ReleaseAsync(InstanceLease lease, CancellationToken cancellationToken) => store.ReleaseAsync(lease, cancellationToken);

        public override Task<LeasedInstance?> CreateAsync(NewInstance instance, CancellationToken cancellationToken) => store.CreateAsync(instance, cancellationToken);

        public override Task<LeasedInstance?> AcquireAsync(Guid instanceId, CancellationToken cancellationToken) => store.AcquireAsync(instanceId, cancellationToken);

        public override Task<IReadOnlyList<LeasedInstance>> AcquireAnyAsync(int max, CancellationToken cancellationToken) => store.AcquireAnyAsync(max, cancellationToken);

        public override Task<LeasedInstance?> SeizeAsync(Guid instanceId, CancellationToken cancellationToken) => store.SeizeAsync(instanceId, cancellationToken);

        public override Task<Revival> ReviveAsync(Guid instanceId, CancellationToken cancellationToken) => store.ReviveAsync(instanceId, cancellationToken);

        public override Task<bool> ExistsAsync(Guid instanceId, CancellationToken cancellationToken) => store.ExistsAsync(instanceId, cancellationToken);

        public override Task<LeasedInstance?> TakeWaitingAsync(Guid instanceId, CancellationToken cancellationToken) => store.TakeWaitingAsync(instanceId, cancellationToken);

        public override Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken) => store.SendAsync(stimulus, cancellationToken);

        public override Task<ResumeResult> ResumeAsync(Stimulus stimulus, CancellationToken cancellationToken) => store.ResumeAsync(stimulus, cancellationToken);

        public override Task<int> FireDueAsync(int max, CancellationToken cancellationToken) => store.FireDueAsync(max, cancellationToken);
    }
}
