using LeadSens.Engine;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

public sealed class CommitTests : StoreTest
{
    private static readonly JournalEntry Started = new(1, Guid.CreateVersion7(), null, "Workflow1:box", "box", "Test.Wait", null, DateTimeOffset.UnixEpoch, "Started", null, null);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Db.ExecuteAsync("create table written (id int)");
    }

    [Fact]
    public async Task A_burst_commits_whole()
    {
        var leased = await CreateAsync(Store);
        var told = 0;
        var commit = Burst(leased.Lease, Wait(Key())) with { Journal = [Started], Writes = [Write("insert into written values (1)", () => told++)], Stimuli = [Directed(Key())] };
        (await Store.CommitAsync(commit, CancellationToken.None)).Committed.ShouldBeTrue();
        told.ShouldBe(1);
        (await RowsAsync()).ShouldBe([1, 1, 1, 1]);
    }

    [Fact]
    public async Task What_a_box_writes_touches_no_other_workspace_whatever_it_forgot()
    {
        var (mine, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Mine'), ($2, 'Theirs')", mine, theirs);
        var leased = await Store.CreateAsync(new NewInstance(Guid.CreateVersion7(), mine, "test", "test-1", 1, null, null, "{}"u8.ToArray()), CancellationToken.None);

        var commit = Burst(leased!.Lease, Wait(Key())) with { Writes = [Write("update workspaces set company_dna = 'written'")], Stimuli = [Directed(Key())] };
        (await Store.CommitAsync(commit, CancellationToken.None)).Committed.ShouldBeTrue();

        (await Db.ListAsync<string>("select name from workspaces where company_dna = 'written'")).ShouldBe(["Mine"]);
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_of_its_burst()
    {
        var leased = await CreateAsync(Store);
        var commit = Burst(leased.Lease, Wait(Key())) with { Journal = [Started], Writes = [Write("insert into written values (1)"), Write("select 1 / 0")], Stimuli = [Directed(Key())] };
        await Should.ThrowAsync<Npgsql.PostgresException>(() => Store.CommitAsync(commit, CancellationToken.None));
        (await RowsAsync()).ShouldBe([0, 0, 0, 0]);
        (await Store.CommitAsync(Burst(leased.Lease), CancellationToken.None)).Committed.ShouldBeTrue("the lease still holds");
    }

    [Theory]
    [InlineData("40P01")]
    [InlineData("40001")]
    public async Task A_burst_that_PostgreSQL_ends_in_favour_of_another_is_written_again_and_not_run_again(string state)
    {
        // Its boxes may have called somebody outside. The first row of each of the two is refused.
        await Db.ExecuteAsync("create sequence collisions");
        await Db.ExecuteAsync($"""
            create function collide() returns trigger language plpgsql as $$ begin
                if nextval('collisions') = 1 then raise exception using errcode = '{state}'; end if; return new;
            end $$
            """);
        foreach (var table in (string[])["written", "workflow_bursts"])
        {
            await Db.ExecuteAsync($"alter sequence collisions restart; create trigger collides before insert on {table} for each row execute function collide()");
            var leased = await CreateAsync(Store);
            var told = 0;
            var commit = Burst(leased.Lease) with { Journal = [Started], Writes = table == "written" ? [Write("insert into written values (1)", () => told++)] : [] };
            (await Store.CommitAsync(commit, CancellationToken.None)).Committed.ShouldBeTrue(table);
            told.ShouldBe(table == "written" ? 1 : 0);
            await Db.ExecuteAsync($"drop trigger collides on {table}");
        }

        (await RowsAsync()).ShouldBe([1, 0, 2, 0]);
    }

    [Fact]
    public async Task A_node_that_lost_its_lease_commits_nothing()
    {
        var leased = await CreateAsync(Store);
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        var next = (await Other.AcquireAsync(leased.Lease.InstanceId, CancellationToken.None)).ShouldNotBeNull();
        var told = 0;
        foreach (var writes in (SqlWrite[][])[[], [Write("insert into written values (1)", () => told++)]])
        {
            var late = Burst(leased.Lease, Wait(Key())) with { Journal = [Started], Writes = writes, Stimuli = [Directed(Key())] };
            (await Store.CommitAsync(late, CancellationToken.None)).Committed.ShouldBeFalse();
        }
        told.ShouldBe(0);
        (await RowsAsync()).ShouldBe([0, 0, 0, 0]);
        (await Other.CommitAsync(Burst(next.Lease), CancellationToken.None)).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stimulus_that_a_write_sends_reaches_the_bookmark_of_the_same_burst()
    {
        var leased = await CreateAsync(Store);
        var bookmark = Wait(Key());
        var emptyBatch = new SqlWrite((connection, cancellationToken) => Stimuli.SendAsync(connection, [Directed(bookmark.Key)], cancellationToken));
        var result = await Store.CommitAsync(Burst(leased.Lease, bookmark) with { Writes = [emptyBatch] }, CancellationToken.None);
        result.Inbox.ShouldHaveSingleItem().BookmarkId.ShouldBe(bookmark.Id);
        result.Lease.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_write_may_wait_for_a_transaction_that_sends_to_the_same_instance()
    {
        // A decision holds its row and then sends; the time-out's burst holds the instance and then wants the row.
        await Db.ExecuteAsync("insert into written values (0)");
        var (decided, timeout) = (Wait(Key()), Wait(Key()));
        var id = await SuspendAsync(decided, timeout);
        await Store.SendAsync(Directed(timeout.Key), CancellationToken.None);
        var leased = (await Store.AcquireAsync(id, CancellationToken.None)).ShouldNotBeNull();
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await Write("update written set id = 1").ExecuteAsync(connection, CancellationToken.None);
        var commit = Consume(leased) with { Writes = [Write("update written set id = 2 where id = 0")] };
        var burst = Task.Run(() => Other.CommitAsync(commit with { BookmarksBurned = [.. commit.BookmarksBurned, decided.Id] }, CancellationToken.None));
        await Support.Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
        await Stimuli.SendAsync(connection, [Directed(decided.Key)], CancellationToken.None);
        await transaction.CommitAsync();
        (await burst).Committed.ShouldBeTrue();
        (await Db.ScalarAsync<int>("select id from written")).ShouldBe(1);
        (await Store.AcquireAnyAsync(1, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_paused_instance_is_left_alone_until_it_is_resumed()
    {
        var bookmark = Wait(Key());
        var id = await SuspendAsync(bookmark);
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        (await WorkflowService.PauseAsync(connection, id, CancellationToken.None)).ShouldBeTrue();
        await Store.SendAsync(Directed(bookmark.Key), CancellationToken.None);
        (await Store.AcquireAnyAsync(1, CancellationToken.None)).ShouldBeEmpty();
        (await WorkflowService.ResumeAsync(connection, id, CancellationToken.None)).ShouldBeTrue();
        (await Store.AcquireAnyAsync(1, CancellationToken.None)).ShouldHaveSingleItem().Inbox.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_burst_during_which_a_pause_comes_is_the_last_one()
    {
        var leased = await CreateAsync(Store);
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await WorkflowService.PauseAsync(connection, leased.Lease.InstanceId, CancellationToken.None);
        var commit = Burst(leased.Lease) with { SubStatus = WorkflowSubStatus.Executing, RunAgain = true };
        var result = await Store.CommitAsync(commit, CancellationToken.None);
        result.Committed.ShouldBeTrue();
        result.Lease.ShouldBeNull();
        await WorkflowService.ResumeAsync(connection, leased.Lease.InstanceId, CancellationToken.None);
        (await Other.AcquireAsync(leased.Lease.InstanceId, CancellationToken.None)).ShouldNotBeNull("there is more to run");
    }

    /// <summary>Rows of the write, bookmarks, journal, stimuli.</summary>
    private async Task<List<long>> RowsAsync() =>
        await Db.ListAsync<long>("select count(*) from written union all select count(*) from workflow_bookmarks union all select count(*) from workflow_journal union all select count(*) from stimuli");
}
