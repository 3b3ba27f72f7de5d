using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Which run is next when many want to go on.</summary>
public sealed class TurnTests : StoreTest
{
    private const int Loops = 40;
    private readonly Guid _attacker = Guid.CreateVersion7();
    private readonly Guid _customer = Guid.CreateVersion7();

    [Fact]
    public async Task Endless_loops_of_one_workspace_keep_no_other_waiting()
    {
        var store = new PostgresWorkflowStore(DataSource, new NodeIdentity(), new HeldLeases(), share: 12);
        await QueueAsync(_attacker, Loops);
        var held = (await store.AcquireAnyAsync(16, CancellationToken.None)).ToList();
        held.Count.ShouldBe(12, "four places of the node are for others, whatever the one wants");
        var theirs = await QueueAsync(_customer, 1);
        var first = (await store.AcquireAnyAsync(1, CancellationToken.None)).ShouldHaveSingleItem();
        first.Lease.InstanceId.ShouldBe(theirs[0]);
        await store.CommitAsync(Burst(first.Lease), CancellationToken.None);
        for (var turn = 0; turn < 3 * Loops; turn++)
        {
            await store.CommitAsync(Turn(held[0].Lease), CancellationToken.None);
            held.RemoveAt(0);
            var mine = turn % 10 == 0 ? await QueueAsync(_customer, 1) : [];
            var next = await store.AcquireAnyAsync(2, CancellationToken.None);
            var served = next.Where(instance => instance.TenantId == _customer).ToList();
            served.Select(instance => instance.Lease.InstanceId).ShouldBe(mine, "within one turn of the attacker's");
            foreach (var instance in served)
                await store.CommitAsync(Burst(instance.Lease), CancellationToken.None);
            held.AddRange(next.Where(instance => instance.TenantId == _attacker));
            held.Count.ShouldBe(12);
        }
    }

    [Fact]
    public async Task Within_a_workspace_a_loop_goes_to_the_back_of_the_queue()
    {
        var all = await QueueAsync(_attacker, 5);
        var order = new List<Guid>();
        for (var turn = 0; turn < 15; turn++)
        {
            var next = (await Store.AcquireAnyAsync(1, CancellationToken.None)).ShouldHaveSingleItem();
            order.Add(next.Lease.InstanceId);
            await Store.CommitAsync(Turn(next.Lease), CancellationToken.None);
        }
        order.ShouldBe([.. all, .. all, .. all]);
    }

    [Fact]
    public async Task What_resumes_takes_turns_too()
    {
        foreach (var (workspace, runs) in ((Guid, int)[])[(_attacker, 50), (_customer, 1)])
        {
            for (var i = 0; i < runs; i++)
            {
                var wait = Wait(Key());
                await Store.CommitAsync(Burst((await CreateAsync(workspace)).Lease, wait), CancellationToken.None);
                await Store.SendAsync(Directed(wait.Key), CancellationToken.None);
            }
        }
        (await Store.AcquireAnyAsync(4, CancellationToken.None)).Select(instance => instance.TenantId).ShouldContain(_customer);
    }

    [Fact]
    public async Task With_whom_nodes_died_runs_alone()
    {
        var runs = await QueueAsync(_customer, 4);
        await Db.ExecuteAsync("update workflow_instances set deaths = 1 where id = any ($1)", runs[..2].ToArray());
        var held = new HeldLeases();
        var store = NewStore(null, held);
        var first = await store.AcquireAnyAsync(10, CancellationToken.None);
        first.Count.ShouldBe(3);
        first.Count(instance => instance.Deaths == 1).ShouldBe(1);
        (await store.AcquireAnyAsync(10, CancellationToken.None)).ShouldBeEmpty();
        await store.CommitAsync(Burst(first.Single(instance => instance.Deaths == 1).Lease), CancellationToken.None);
        (await store.AcquireAnyAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Deaths.ShouldBe(1);
        (await Db.ScalarAsync<long>("select count(*) from workflow_instances where deaths > 0")).ShouldBe(1, "who has come to rest has not died of it");
    }

    private async Task<List<Guid>> QueueAsync(Guid workspace, int runs)
    {
        var ids = new List<Guid>();
        for (var i = 0; i < runs; i++)
        {
            var leased = await CreateAsync(workspace);
            await Store.CommitAsync(Turn(leased.Lease), CancellationToken.None);
            ids.Add(leased.Lease.InstanceId);
        }
        return ids;
    }

    private async Task<LeasedInstance> CreateAsync(Guid workspace) => (await Store.CreateAsync(
        new NewInstance(Guid.CreateVersion7(), workspace, "test", "test-1", 1, null, null, "{}"u8.ToArray()), CancellationToken.None)).ShouldNotBeNull();

    private static BurstCommit Turn(InstanceLease lease) => Burst(lease) with { SubStatus = WorkflowSubStatus.Executing };
}
