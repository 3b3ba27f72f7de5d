using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Jobs;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Logging;

namespace LeadSens.Server.Tests.Data;

/// <summary>The database's clock goes a day ahead, work is done, and it comes back.</summary>
public sealed class ClockWatchTests : JobsTest
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly CapturedLog said = new();
    private ClockWatch watch = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        watch = new(DataSource, TimeProvider.System, LoggerFactory.Create(log => log.AddProvider(said)).CreateLogger<ClockWatch>());
        await watch.LookAsync(default);
    }

    [Fact]
    public async Task Jobs_and_accounts_go_on_within_seconds()
    {
        var failing = true;
        var work = new TestWork(_ => failing ? Failure(ProviderFailureKind.RateLimited, TimeSpan.FromSeconds(5)) : "done") { Costs = [new("acme:account", 1)], Places = 1 };
        var node = await NodeAsync(work);
        node.Get<LimitRegistry>().Set("acme:account", new(100, Concurrency: 2));
        await node.Get<Limits>().RefreshAsync(default);
        await GoAheadAsync();
        var batch = await OpenAsync(node, await CampaignAsync(3));
        await Eventually.Be(async () => await Db.ScalarAsync<bool>("select exists (select from jobs where failure_kind = 'RateLimited') and exists (select from limits where blocked_until > clock_now())"));
        failing = false;

        await GoBackAsync();

        await CompletedAsync(batch);
        said.Text.ShouldContain("ClockWentAhead");
        said.Text.ShouldContain("ClockWentBack");
        said.Text.ShouldContain("limits.tat 1");
    }

    [Fact]
    public async Task What_was_written_in_the_future_keeps_its_length_and_no_more()
    {
        var before = await Ask(TimeSpan.FromDays(2));
        await GoAheadAsync();
        var meanwhile = await Ask(TimeSpan.FromDays(7));
        await Db.ExecuteAsync("""
            insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, due_at, created_at)
            select new_id(), new_id(), 'timer', 'timer:1', 'n', 'a', 't', new_id(), clock_now() + interval '10 seconds', clock_now()
            """);
        await GoBackAsync();

        (await LeftAsync("approvals", "expires_at", meanwhile)).ShouldBeInRange(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        (await LeftAsync("approvals", "expires_at", before)).ShouldBeInRange(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(2));
        (await Db.ScalarAsync<TimeSpan>("select due_at - clock_now() from workflow_bookmarks where key = 'timer:1'")).ShouldBeLessThan(TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task A_clock_that_only_goes_ahead_changes_nothing()
    {
        await Db.ExecuteAsync("insert into erasures (id, workspace_id, lead_ids, state, run_after, asked_at) select new_id(), $1, '{}', 'done', clock_now() + interval '3 days', clock_now()", Workspace);
        await GoAheadAsync();
        (await Db.ScalarAsync<TimeSpan>("select run_after - clock_now() from erasures")).ShouldBeGreaterThan(TimeSpan.FromHours(47));
        said.Text.ShouldNotContain("ClockWentBack");
    }

    /// <summary>By its name a column says that somebody waits for it; then it must be known what happens to it.</summary>
    [Fact]
    public async Task Every_time_that_somebody_waits_for_is_in_the_list() =>
        (await Db.ListAsync<string>("""
            select c.table_name || '.' || c.column_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'timestamp with time zone'
                and (c.column_name ~ '(_until|_after|expires_at|due_at|retry_at|doubted_at)$' or c.column_name in ('tat', 'since'))
            """)).Order().ShouldBe(ClockColumns.All.Select(column => column.ToString()).Concat(ClockColumns.Absolute).Order());

    private async Task GoAheadAsync()
    {
        await Db.ShiftClockAsync(Day);
        await watch.LookAsync(default);
    }

    private async Task GoBackAsync()
    {
        await watch.LookAsync(default);
        await Db.ShiftClockAsync(-Day);
        await watch.LookAsync(default);
    }

    private async Task<Guid> Ask(TimeSpan timeOut) => await (await ReviewedCampaign.CreateAsync(Db, 1, Workspace)).AskAsync(timeOut);

    private Task<TimeSpan> LeftAsync(string table, string column, Guid id) => Db.ScalarAsync<TimeSpan>($"select {column} - clock_now() from {table} where id = $1", id);
}
