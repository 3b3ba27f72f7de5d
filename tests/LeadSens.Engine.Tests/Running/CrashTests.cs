namespace LeadSens.Engine.Tests.Running;

/// <summary>The law of durability: a node may die before or after any commit, and every box still counts once.</summary>
public sealed class CrashTests
{
    private static readonly Guid Tenant = Guid.CreateVersion7();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100_000)]
    public async Task A_run_that_crashes_again_and_again_ends_as_if_it_had_not(int perBurst)
    {
        var crashes = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var block = Block.Draw(seed, pauses: seed % 2 == 0);
            var engine = new Engine(block.Definition) { Tenant = Tenant };
            var runner = new WorkflowRunner(new MortalStore(engine.Store, random), engine, engine, engine.Time, new RunnerOptions { ActivitiesPerBurst = perBurst });
            crashes += await DiesAsync(() => runner.StartAsync(new StartRequest(engine.Id, Tenant, "test-1"), default));
            while (!(await engine.StateAsync()).TryGetProperty("finished", out _))
            {
                var waiting = engine.Store.Bookmarks(engine.Id);
                if (waiting.Count > 0) await engine.Store.SendAsync(new Stimulus(waiting[0].Key, waiting[0].Key), default);
                // The lease of the node that died runs out.
                var leased = (await engine.Store.SeizeAsync(engine.Id, default)).ShouldNotBeNull();
                crashes += await DiesAsync(() => runner.RunAsync(leased, default));
            }

            Block.Sorted(engine.Path.Split(' ')).ShouldBe(block.Expected, $"seed {seed}: {block.Shape}");
            engine.Store.Journal(engine.Id).Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(1, engine.Store.Journal(engine.Id).Count).Select(number => (long)number));
        }

        crashes.ShouldBeGreaterThan(50);
    }

    private static async Task<int> DiesAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (DeadException)
        {
            return 1;
        }
    }

    /// <summary>A store whose node dies every third commit: before it was written or before it was answered.</summary>
    private sealed class MortalStore(WorkflowStore store, Random random) : WorkflowStore
    {
        public override async Task<CommitResult> CommitAsync(BurstCommit commit, CancellationToken cancellationToken)
        {
            if (random.Next(6) == 0) throw new DeadException();
            var result = await store.CommitAsync(commit, cancellationToken);
            return random.Next(6) == 0 ? throw new DeadException() : result;
        }

        public override Task<LeasedInstance?> CreateAsync(NewInstance instance, CancellationToken cancellationToken) => store.CreateAsync(instance, cancellationToken);

        public override Task<LeasedInstance?> AcquireAsync(Guid instanceId, CancellationToken cancellationToken) => store.AcquireAsync(instanceId, cancellationToken);

        public override Task<IReadOnlyList<LeasedInstance>> AcquireAnyAsync(int max, CancellationToken cancellationToken) => store.AcquireAnyAsync(max, cancellationToken);

        public override Task<LeasedInstance?> SeizeAsync(Guid instanceId, CancellationToken cancellationToken) => store.SeizeAsync(instanceId, cancellationToken);

        public override Task<Revival> ReviveAsync(Guid instanceId, CancellationToken cancellationToken) => store.ReviveAsync(instanceId, cancellationToken);

        public override Task<bool> ExistsAsync(Guid instanceId, CancellationToken cancellationToken) => store.ExistsAsync(instanceId, cancellationToken);

        public override Task ReleaseAsync(InstanceLease lease, CancellationToken cancellationToken) => store.ReleaseAsync(lease, cancellationToken);

        public override Task<LeasedInstance?> TakeWaitingAsync(Guid instanceId, CancellationToken cancellationToken) => store.TakeWaitingAsync(instanceId, cancellationToken);

        public override Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken) => store.SendAsync(stimulus, cancellationToken);

        public override Task<ResumeResult> ResumeAsync(Stimulus stimulus, CancellationToken cancellationToken) => store.ResumeAsync(stimulus, cancellationToken);

        public override Task<int> FireDueAsync(int max, CancellationToken cancellationToken) => store.FireDueAsync(max, cancellationToken);
    }

    private sealed class DeadException : Exception;
}
