using LeadSens.Server.Changes;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSens.Server.Tests.Changes;

/// <summary>What is told of a workspace's changes, to whom, and what is not lost on the way. Looks are made by hand.</summary>
public sealed class ChangeHubTests : DatabaseTest
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SteppedTime time = new();
    private ReviewedCampaign one = null!, other = null!;
    private ChangeHub hub = null!;

    private Guid Workspace => one.WorkspaceId;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        one = await ReviewedCampaign.CreateAsync(Db, 2);
        other = await ReviewedCampaign.CreateAsync(Db, 1, Workspace, "other.example");
        hub = Node();
    }

    public override async ValueTask DisposeAsync()
    {
        hub.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_transaction_that_commits_late_is_told_although_later_ones_were_told_before()
    {
        using var watch = await WatchAsync(hub);
        await using var late = await Db.DataSource.OpenConnectionAsync(None);
        await using var transaction = await late.BeginTransactionAsync();
        await SpendAsync(late, one);
        await SpendAsync(other);

        (await ToldAsync(hub, watch)).ShouldBe([Campaign(other)]);
        (await ToldAsync(hub, watch)).ShouldBeEmpty();
        await transaction.CommitAsync();
        (await ToldAsync(hub, watch)).ShouldBe([Campaign(one)]);
        (await ToldAsync(hub, watch)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_comes_back_on_another_node_hears_what_was_missed_and_no_more()
    {
        await using var late = await Db.DataSource.OpenConnectionAsync(None);
        ChangeMark mark;
        NpgsqlTransaction transaction;
        using (var watch = await WatchAsync(hub))
        {
            await SpendAsync(other);
            (await ToldAsync(hub, watch)).ShouldBe([Campaign(other)]);
            transaction = await late.BeginTransactionAsync();
            await SpendAsync(late, one);
            await hub.LookAsync(None);
            mark = ChangeMark.Parse(watch.Mark.ShouldNotBeNull().ToString()).ShouldNotBeNull();
        }

        await transaction.CommitAsync();
        using var node = Node();
        using var back = node.Begin(Workspace, resumes: true)!;
        await node.LookAsync(None);
        await node.CatchUpAsync(back, mark, None);

        var told = back.Take();
        told.Reset.ShouldBeFalse();
        told.Changes.Keys.ShouldBe([Campaign(one)]);
        await SpendAsync(other);
        (await ToldAsync(node, back)).ShouldBe([Campaign(other)]);
        await transaction.DisposeAsync();
    }

    [Theory]
    [InlineData("too old")]
    [InlineData("of a clock that went ahead")]
    [InlineData("of another database")]
    [InlineData("before anybody watched")]
    [InlineData("of a watch that ended")]
    public async Task A_mark_from_which_nobody_knows_what_was_missed_is_answered_with_a_reset(string how)
    {
        var before = new ChangeMark(await Db.ScalarAsync<long>("select extract(epoch from clock_now())::bigint"),
            (await Db.ScalarAsync<string>("select pg_current_snapshot()::text"))!);
        using var watch = await WatchAsync(hub);
        var mark = watch.Mark.ShouldNotBeNull();
        if (how == "of a watch that ended") await Db.ExecuteAsync("update workspace_watches set watched_until = clock_now()");
        var shown = how switch
        {
            "too old" => mark with { Second = mark.Second - 600 },
            "of a clock that went ahead" => mark with { Second = mark.Second + 600 },
            "of another database" => mark with { Snapshot = "900000000000:900000000000:" },
            "before anybody watched" => before,
            _ => mark,
        };

        using var node = Node();
        using var back = node.Begin(Workspace, resumes: true)!;
        await node.LookAsync(None);
        await node.CatchUpAsync(back, shown, None);

        back.Take().Reset.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_began_to_write_before_anybody_watched_is_made_good_by_a_second_reset()
    {
        await using var early = await Db.DataSource.OpenConnectionAsync(None);
        await using var transaction = await early.BeginTransactionAsync();
        await SpendAsync(early, one);
        using var watch = hub.Begin(Workspace)!;

        await hub.LookAsync(None);
        var first = watch.Take();
        (first.Reset, first.Round.Mark).ShouldBe((true, null), "whoever resumes from here could miss something");
        await SpendAsync(other);
        (await ToldAsync(hub, watch)).ShouldBe([Campaign(other)], "what is known is told all the same");
        await transaction.CommitAsync();

        var reset = await UntilAsync(hub, watch);
        reset.Reset.ShouldBeTrue();
        reset.Round.Mark.ShouldNotBeNull();
        (await ToldAsync(hub, watch)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_changes_each_thing_is_told_once_and_of_very_many_that_there_were()
    {
        using var watch = await WatchAsync(hub);
        for (var change = 1; change <= 50; change++) await SpendAsync(one);
        await Db.ExecuteAsync("update leads set status = 'Approved' where campaign_id = $1", one.Id);
        await hub.LookAsync(None);
        await SpendAsync(one);
        (await ToldAsync(hub, watch)).ShouldBe([Campaign(one)]);

        await Db.ExecuteAsync("insert into workspace_changes (workspace_id, kind, entity) select $1, 'run', new_id() from generate_series(1, 1001)", Workspace);
        await hub.LookAsync(None);
        var told = watch.Take();
        (told.Reset, told.Changes.Count).ShouldBe((true, 0));
    }

    [Fact]
    public async Task Every_kind_is_noted_where_it_changes()
    {
        using var watch = await WatchAsync(hub);
        var approval = await one.AskAsync();
        (await ToldAsync(hub, watch)).ShouldBe([Campaign(one), new(ChangeKind.Approval, approval)], ignoreOrder: true);
        await one.Decide().ExecuteAsync(approval, new("approve", null, []), new("anna", Workspace, await one.HashAsync(approval)), None);
        (await ToldAsync(hub, watch)).ShouldBe([Campaign(one), new(ChangeKind.Approval, approval)], ignoreOrder: true);

        var connection = Guid.CreateVersion7();
        await Db.ExecuteAsync("""
            insert into connections (id, workspace_id, provider, state, method, is_sandbox, account_key, health, rotated_at, connected_by, connected_at,
                created_at, updated_at)
            values ($1, $2, 'jina', 'disconnected', 'key', true, 'jina:x', 'unknown', now(), 'anna', now(), now(), now())
            """, connection, Workspace);
        (await ToldAsync(hub, watch)).ShouldBe([new(ChangeKind.Connection, connection)]);
        await Db.ExecuteAsync("update connections set health = 'failing' where id = $1", connection);
        (await ToldAsync(hub, watch)).ShouldBe([new(ChangeKind.Connection, connection)]);
        await Db.ExecuteAsync("update connections set checked_at = now(), updated_at = now() where id = $1", connection);
        (await ToldAsync(hub, watch)).ShouldBeEmpty("it looks as before");

        var run = Guid.CreateVersion7();
        await Db.ExecuteAsync("""
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version,
                runnable, created_at, updated_at, root_id)
            values ($1, $2, 'w', 'w:1', 1, 'Running', 'Pending', '{}', 1, false, now(), now(), $3)
            """, run, Workspace, one.InstanceId);
        (await ToldAsync(hub, watch)).ShouldBe([new(ChangeKind.Run, run), Campaign(one)], ignoreOrder: true,
            "what a campaign's run started is part of how it waits");
        await Db.ExecuteAsync("update workflow_instances set version = 2, sub_status = 'Suspended' where id = $1", run);
        (await ToldAsync(hub, watch)).ShouldBe([new(ChangeKind.Run, run), Campaign(one)], ignoreOrder: true);
        await Db.ExecuteAsync("update workflow_instances set lease_until = now() where id = $1", run);
        (await ToldAsync(hub, watch)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_nodes_hear_the_same_and_no_workspace_of_anothers()
    {
        var strange = await ReviewedCampaign.CreateAsync(Db, 1, domain: "strange.example");
        using var node = Node();
        using var watch = await WatchAsync(hub);
        using var there = await WatchAsync(node);
        using var stranger = hub.Begin(strange.WorkspaceId)!;
        await SettleAsync(hub, stranger);

        await SpendAsync(one);
        await SpendAsync(strange);

        await hub.LookAsync(None);
        watch.Take().Changes.Keys.ShouldBe([Campaign(one)]);
        stranger.Take().Changes.Keys.ShouldBe([Campaign(strange)]);
        (await ToldAsync(node, there)).ShouldBe([Campaign(one)]);
    }

    [Fact]
    public async Task Watches_are_settled_in_the_order_in_which_they_are_renewed()
    {
        var later = (await ReviewedCampaign.CreateAsync(Db, 1, domain: "strange.example")).WorkspaceId;
        foreach (var workspace in (Guid[])[later, Workspace]) await Db.ExecuteAsync(
            "insert into workspace_watches (workspace_id, watched_until, began) values ($1, clock_now() + interval '1 hour', pg_current_xact_id())", workspace);
        await using var renewing = await Db.DataSource.OpenConnectionAsync(None);
        await using var transaction = await renewing.BeginTransactionAsync();
        await renewing.ExecuteAsync("select from workspace_watches where workspace_id = $1 for update", None, Workspace);

        var settling = ChangeSql.SettleAsync(Db.DataSource, [later, Workspace], None);
        await Eventually.Be(() => Db.ScalarAsync<bool>("""
            select exists (select from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database()))
            """));
        await renewing.ExecuteAsync("select from workspace_watches where workspace_id = $1 for update nowait", None, later);
        await transaction.CommitAsync();
        await settling;
        (await Db.ScalarAsync<long>("select count(*) from workspace_watches where settled is not null")).ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_noted_where_nobody_watches_and_what_was_noted_is_forgotten()
    {
        await SpendAsync(one);
        (await NotedAsync()).ShouldBe(0);
        using (var watch = await WatchAsync(hub))
        {
            await SpendAsync(one);
            (await ToldAsync(hub, watch)).ShouldBe([Campaign(one)]);
        }

        var strange = await ReviewedCampaign.CreateAsync(Db, 1, domain: "strange.example");
        await SpendAsync(strange);
        (await NotedAsync()).ShouldBe(1);
        await EndedAsync();
        await hub.ForgetAsync(None);
        time.Step(TimeSpan.FromMinutes(5));
        await SpendAsync(other);
        await EndedAsync();
        await hub.ForgetAsync(None);
        (await NotedAsync()).ShouldBe(2, "somebody may come back");
        time.Step(TimeSpan.FromMinutes(6));
        await hub.ForgetAsync(None);
        (await NotedAsync()).ShouldBe(1);
        time.Step(TimeSpan.FromMinutes(6));
        await hub.ForgetAsync(None);
        (await NotedAsync()).ShouldBe(0);
        await Db.ExecuteAsync("update workspace_watches set watched_until = clock_now()");
        await SpendAsync(one);
        (await NotedAsync()).ShouldBe(0, "the watch is over");
    }

    [Fact]
    public async Task A_node_that_did_not_look_for_longer_than_changes_are_kept_says_that_it_missed_some()
    {
        using var node = Node();
        using var watch = await WatchAsync(hub);
        using var there = await WatchAsync(node);
        await SpendAsync(one);
        await EndedAsync();
        await node.ForgetAsync(None);
        for (var times = 1; times <= 2; times++)
        {
            time.Step(TimeSpan.FromMinutes(6));
            await Db.ShiftClockAsync(TimeSpan.FromMinutes(6));
            await node.LookAsync(None);
            await node.ForgetAsync(None);
        }

        (await NotedAsync()).ShouldBe(0, "the other node kept the watch and forgot what it had told");
        await hub.LookAsync(None);
        watch.Take().Reset.ShouldBeTrue();
        await SpendAsync(one);
        (await ToldAsync(hub, watch)).ShouldBe([Campaign(one)]);
    }

    [Fact]
    public async Task A_look_walks_an_index_however_much_changes_elsewhere()
    {
        using var seen = new SeenStatements(Db);
        using var watch = await WatchAsync(hub);
        await hub.CatchUpAsync(watch, watch.Mark!, None);
        await Db.ExecuteAsync("insert into workspaces (id, name) select new_id(), 'Many' from generate_series(1, 3000)");
        await Db.ExecuteAsync("""
            insert into workspace_watches (workspace_id, watched_until, began)
            select id, clock_now(), pg_current_xact_id() from workspaces on conflict do nothing
            """);
        await Db.ExecuteAsync("insert into workspace_changes (workspace_id, kind, entity) select id, 'run', new_id() from workspaces, generate_series(1, 20)");
        await Db.ExecuteAsync("analyze");
        await Db.ExecuteAsync("""
            create function explained(sql text) returns setof text language plpgsql as $$
            declare line record;
            begin
                for line in execute 'explain (generic_plan) ' || sql loop return next line."QUERY PLAN"; end loop;
            end $$
            """);

        // What forgets takes what is oldest, wherever it lies: PeriodicStatementTests have it.
        var statements = seen.All.Where(sql => sql.Contains("workspace_changes c", StringComparison.Ordinal)).Distinct().ToList();
        statements.Count.ShouldBe(2);
        foreach (var sql in statements)
            (await Db.ListAsync<string>("select explained($1)", sql)).Where(line => line.Contains("Seq Scan", StringComparison.Ordinal)).ShouldBeEmpty(sql);
    }

    [Fact]
    public async Task A_node_where_nobody_watches_asks_nothing()
    {
        using var seen = new SeenStatements(Db);
        var watch = hub.Begin(Workspace)!;
        watch.Dispose();
        await hub.LookAsync(None);
        seen.All.ShouldBeEmpty();
    }

    private ChangeHub Node() => new(Db.DataSource, time, NullLogger<ChangeHub>.Instance);

    /// <summary>Somebody who was told that they have to read everything, and from whose time on nothing is missing.</summary>
    private async Task<ChangeWatch> WatchAsync(ChangeHub node)
    {
        var watch = node.Begin(Workspace)!;
        await SettleAsync(node, watch);
        return watch;
    }

    /// <summary>Others at work on the same PostgreSQL may hold it up.</summary>
    private static Task SettleAsync(ChangeHub node, ChangeWatch watch) => Eventually.Be(async () =>
    {
        await node.LookAsync(None);
        watch.Take();
        return watch.Mark is not null;
    });

    private static async Task<ToldChanges> UntilAsync(ChangeHub node, ChangeWatch watch)
    {
        await Eventually.Be(async () =>
        {
            await node.LookAsync(None);
            return await watch.WaitAsync(TimeSpan.Zero, TimeProvider.System, None);
        });
        return watch.Take();
    }

    private static async Task<IEnumerable<Change>> ToldAsync(ChangeHub node, ChangeWatch watch)
    {
        await node.LookAsync(None);
        var told = watch.Take();
        told.Reset.ShouldBeFalse();
        return told.Changes.Keys;
    }

    private static Change Campaign(ReviewedCampaign campaign) => new(ChangeKind.Campaign, campaign.Id);

    private async Task SpendAsync(ReviewedCampaign campaign)
    {
        await using var connection = await Db.DataSource.OpenConnectionAsync(None);
        await SpendAsync(connection, campaign);
    }

    private static Task<int> SpendAsync(NpgsqlConnection connection, ReviewedCampaign campaign) =>
        connection.ExecuteAsync("update campaigns set cost_usd = cost_usd + 1 where id = $1", None, campaign.Id);

    /// <summary>All that began before the last change is over, also in other databases of this PostgreSQL.</summary>
    private Task EndedAsync() => Eventually.Be(() => Db.ScalarAsync<bool>("select pg_snapshot_xmin(pg_current_snapshot()) > max(xid) from workspace_changes"));

    private Task<long> NotedAsync() => Db.ScalarAsync<long>("select count(*) from workspace_changes");
}
