using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSens.Server.Tests.Workflows;

public sealed class LeaseTests : StoreTest
{
    [Fact]
    public async Task The_lease_of_a_killed_node_is_reclaimed_at_once()
    {
        var (dead, alive) = (new NodeIdentity(), new NodeIdentity());
        await using var session = await JoinAsync(dead);
        await using var living = await JoinAsync(alive);
        // The crash comes in the first burst: the instance was created and nothing of its burst committed.
        var leased = await CreateAsync(NewStore(dead));
        var reclaimer = NewLeases(alive);
        (await reclaimer.ReclaimAsync(CancellationToken.None)).ShouldBe(0, "it lives");
        await KillAsync(dead, session);
        (await reclaimer.ReclaimAsync(CancellationToken.None)).ShouldBe(1);
        var next = (await NewStore(alive).AcquireAnyAsync(10, CancellationToken.None)).ShouldHaveSingleItem();
        next.Lease.InstanceId.ShouldBe(leased.Lease.InstanceId);
        next.State.ShouldBe(leased.State);
        (await NewStore(dead).CommitAsync(Burst(leased.Lease), CancellationToken.None)).Committed.ShouldBeFalse();
    }

    [Fact]
    public async Task Each_node_that_dies_with_a_run_is_counted_until_it_comes_to_rest()
    {
        var alive = new NodeIdentity();
        await using var living = await JoinAsync(alive);
        var id = (await CreateAsync(NewStore(alive))).Lease.InstanceId;
        await Db.ExecuteAsync("update workflow_instances set claim_token = null, lease_node = null, lease_until = null");
        for (var death = 1; death <= 3; death++)
        {
            var dying = new NodeIdentity();
            await using var session = await JoinAsync(dying);
            (await NewStore(dying).AcquireAnyAsync(1, CancellationToken.None)).ShouldHaveSingleItem().Deaths.ShouldBe(death - 1);
            await KillAsync(dying, session);
            (await NewLeases(alive).ReclaimAsync(CancellationToken.None)).ShouldBe(1);
        }
        var store = NewStore(alive);
        var leased = (await store.AcquireAnyAsync(1, CancellationToken.None)).ShouldHaveSingleItem();
        leased.Deaths.ShouldBe(3);
        var again = (await store.CommitAsync(Burst(leased.Lease) with { SubStatus = WorkflowSubStatus.Executing, RunAgain = true }, CancellationToken.None)).Lease.ShouldNotBeNull();
        (await DeathsAsync(id)).ShouldBe(1, "it got on: the next death is that of another box");
        await store.CommitAsync(Burst(again), CancellationToken.None);
        (await DeathsAsync(id)).ShouldBe(0, "it came to rest");
    }

    private Task<int> DeathsAsync(Guid id) => Db.ScalarAsync<int>("select deaths from workflow_instances where id = $1", id);

    [Fact]
    public async Task A_node_that_was_cut_off_comes_back()
    {
        var node = new NodeIdentity();
        await using var session = await JoinAsync(node);
        // A session that was told to end may hold its lock for a moment longer: only another one shows that the node came back.
        var cutOff = await HolderAsync(node);
        await TerminateAsync(node);
        await Eventually.Be(async () => await HolderAsync(node) is var holder && holder != 0 && holder != cutOff);
        (await new Nodes(DataSource).DeadAsync(CancellationToken.None)).ShouldNotContain(node.Id);
    }

    [Fact]
    public async Task Renewed_leases_last()
    {
        var held = new HeldLeases();
        var store = NewStore(null, held);
        var leased = await CreateAsync(store);
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(50));
        await new Leases(DataSource, new NodeIdentity(), new Nodes(DataSource), held).RenewAsync(CancellationToken.None);
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(50));
        (await Other.AcquireAnyAsync(1, CancellationToken.None)).ShouldBeEmpty();
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(50));
        (await Other.AcquireAnyAsync(1, CancellationToken.None)).ShouldHaveSingleItem().Lease.InstanceId.ShouldBe(leased.Lease.InstanceId);
    }

    [Fact]
    public async Task Renewing_does_not_wait_for_a_burst_that_is_being_committed()
    {
        var held = new HeldLeases();
        var store = NewStore(null, held);
        var (committing, other) = (await CreateAsync(store), await CreateAsync(store));
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(50));
        await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
        await using (await connection.BeginTransactionAsync())
        {
            await connection.FirstAsync("select true from workflow_instances where id = $1 for no key update", row => row.GetBoolean(0), CancellationToken.None, committing.Lease.InstanceId);
            await new Leases(DataSource, new NodeIdentity(), new Nodes(DataSource), held).RenewAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        }
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(50));
        (await Other.AcquireAnyAsync(2, CancellationToken.None)).ShouldHaveSingleItem().Lease.InstanceId.ShouldBe(committing.Lease.InstanceId);
        (await Other.AcquireAsync(other.Lease.InstanceId, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task What_broke_while_the_database_was_away_is_given_back_when_it_answers()
    {
        var held = new HeldLeases();
        var leased = await CreateAsync(NewStore(null, held));
        var leases = new Leases(DataSource, new NodeIdentity(), new Nodes(DataSource), held);
        await Should.ThrowAsync<OperationCanceledException>(() => leases.AbandonAsync(leased.Lease, outage: true, new CancellationToken(canceled: true)));
        await leases.GiveBackBrokenAsync(CancellationToken.None);
        held.Broken.ShouldBeEmpty();
        await Db.ShiftClockAsync(TimeSpan.FromSeconds(1));
        (await Other.AcquireAnyAsync(1, CancellationToken.None)).ShouldHaveSingleItem().Lease.InstanceId.ShouldBe(leased.Lease.InstanceId);
    }

    [Fact]
    public async Task A_burst_that_breaks_is_tried_again_later_and_later()
    {
        var waits = await WaitsAsync(outage: false, times: 13);
        waits.ShouldBe(waits.Order().ToList());
        waits[^1].ShouldBeInRange(TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_database_that_was_away_often_keeps_no_run_waiting()
    {
        var waits = await WaitsAsync(outage: true, times: 13);
        waits.ShouldAllBe(wait => wait <= TimeSpan.FromSeconds(2));
    }

    private async Task<List<TimeSpan>> WaitsAsync(bool outage, int times)
    {
        var held = new HeldLeases();
        var store = NewStore(null, held);
        var leases = new Leases(DataSource, new NodeIdentity(), new Nodes(DataSource), held);
        var lease = (await CreateAsync(store)).Lease;
        var waits = new List<TimeSpan>();
        for (var i = 0; i < times; i++)
        {
            await leases.AbandonAsync(lease, outage, CancellationToken.None);
            waits.Add(await Db.ScalarAsync<TimeSpan>("select retry_at - clock_now() from workflow_instances"));
            (await Other.AcquireAsync(lease.InstanceId, CancellationToken.None)).ShouldBeNull();
            await Db.ShiftClockAsync(TimeSpan.FromMinutes(6));
            lease = (await store.AcquireAsync(lease.InstanceId, CancellationToken.None)).ShouldNotBeNull().Lease;
        }
        return waits;
    }

    [Fact]
    public async Task Other_nodes_are_woken()
    {
        var (here, there) = (new Wakeups(), new Wakeups());
        await using var first = await JoinAsync(new NodeIdentity(), here);
        await using var second = await JoinAsync(new NodeIdentity(), there);
        var (own, others) = (0, 0);
        here.Subscribe("work", () => Interlocked.Increment(ref own));
        there.Subscribe("work", () => Interlocked.Increment(ref others));
        for (var i = 0; i < 100; i++)
            here.Publish("work");
        await Eventually.Be(() => Volatile.Read(ref others) > 0);
        own.ShouldBe(100);
        others.ShouldBeLessThan(20, "wake-ups are gathered");
    }

    [Fact]
    public async Task A_session_that_cannot_be_opened_leaves_no_connection_behind()
    {
        // The other end of a connection that was cut still holds the node's lock, until its machine notices.
        var node = new NodeIdentity();
        await using var cut = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await cut.ExecuteAsync("select pg_advisory_lock($1)", CancellationToken.None, node.AdvisoryKey);
        await using var pool = Pools.Plain($"{Db.OwnerConnectionString};Maximum Pool Size=1;Command Timeout=1;Timeout=1");
        var session = new NodeSession(new(pool), node, new Wakeups(), NullLogger<NodeSession>.Instance);
        for (var attempt = 0; attempt < 2; attempt++)
            (await Should.ThrowAsync<NpgsqlException>(() => session.StartingAsync(CancellationToken.None))).Message.ShouldNotContain("pool");
        await using var free = await pool.OpenConnectionAsync();
        await session.DisposeAsync();
    }

    private Leases NewLeases(NodeIdentity node) => new(DataSource, node, new Nodes(DataSource), new HeldLeases());

    private async Task<Session> JoinAsync(NodeIdentity node, Wakeups? wakeups = null)
    {
        var session = new NodeSession(DataSource, node, wakeups ?? new Wakeups(), NullLogger<NodeSession>.Instance);
        await session.StartingAsync(CancellationToken.None);
        return new Session(session);
    }

    /// <summary>Stops the node from coming back and ends its session as the death of its process would.</summary>
    private async Task KillAsync(NodeIdentity node, Session session)
    {
        await session.DisposeAsync();
        await Eventually.Be(async () => !await IsAliveAsync(node));
    }

    private const string LockOfNode =
        "pg_locks where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) = $1 and database = (select oid from pg_database where datname = current_database())";

    private Task<int> TerminateAsync(NodeIdentity node) => Db.ExecuteAsync($"select pg_terminate_backend(pid) from {LockOfNode}", node.AdvisoryKey);

    /// <summary>The process of the session that holds the node's lock; 0 when nobody does.</summary>
    private Task<int> HolderAsync(NodeIdentity node) => Db.ScalarAsync<int>($"select coalesce((select pid from {LockOfNode} and granted limit 1), 0)", node.AdvisoryKey);

    private async Task<bool> IsAliveAsync(NodeIdentity node) => !(await new Nodes(DataSource).DeadAsync(CancellationToken.None)).Contains(node.Id);

    private sealed class Session(NodeSession session) : IAsyncDisposable
    {
        private bool _stopped;

        public async ValueTask DisposeAsync()
        {
            if (_stopped)
                return;
            _stopped = true;
            await session.StoppedAsync(CancellationToken.None);
            await session.DisposeAsync();
        }
    }
}
