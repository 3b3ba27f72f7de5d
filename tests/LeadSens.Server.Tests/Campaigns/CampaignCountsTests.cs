using System.Text.RegularExpressions;
using LeadSens.Server.Approvals;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Leads;
using LeadSens.Server.Rights;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>A campaign's figures are kept by whatever writes, and equal to a recount at any time.</summary>
public sealed partial class CampaignCountsTests : DatabaseTest
{
    /// <summary>Campaigns whose figures are not what their leads, intents and decisions say.</summary>
    private const string WrongSql = """
        with counted as (
            select c.id, (
                select jsonb_build_object(
                    'sourced', count(*),
                    'duplicates', count(*) filter (where status = 'Duplicate'),
                    'suppressed', count(*) filter (where status = 'Suppressed'),
                    'scored', count(*) filter (where score is not null),
                    'skipped', count(*) filter (where status = 'Skipped'),
                    'qualified', count(*) filter (where score is not null and status not in ('Scored', 'Skipped')),
                    'enriched', count(*) filter (where enrichment_status = 'Enriched'),
                    'verified', count(*) filter (where verification_status = 'Verified'),
                    'not_verified', count(*) filter (where verification_status = 'NotVerified'),
                    'needs_review', count(*) filter (where verification_status = 'NeedsReview'),
                    'drafted', count(*) filter (where drafted_at is not null),
                    'rejected', count(*) filter (where status = 'Rejected'),
                    'synced', count(*) filter (where status = 'Synced'),
                    'failed', count(*) filter (where status = 'Failed'))
                from leads where campaign_id = c.id)
            || (select jsonb_build_object(
                    'intents', count(*), 'pushed', count(*) filter (where state = 'done'), 'refused', count(*) filter (where state = 'refused'))
                from intents where campaign_id = c.id and kind = 'lead.add')
            || (select jsonb_build_object('approved', count(*)) from (
                    select distinct on (al.lead_id) al.decision from approval_leads al join approvals a on a.id = al.approval_id
                    where a.campaign_id = c.id and a.status in ('approved', 'rejected', 'changes_requested') order by al.lead_id, a.id desc) latest
                where decision = 'approve') as figures
            from campaigns c),
        kept as (
            select c.id, (
                select jsonb_object_agg(sums.figure, sums.leads) from (
                    select n.key as figure, sum(n.value::bigint) as leads
                    from campaign_count_parts p, jsonb_each_text(to_jsonb(p) - 'campaign_id' - 'workspace_id') n
                    where p.campaign_id = c.id group by n.key) sums) as figures
            from campaigns c)
        select counted.figures::text || ' but kept as ' || coalesce(kept.figures::text, 'nothing')
        from counted join kept on kept.id = counted.id where counted.figures is distinct from kept.figures
        """;

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task The_figures_equal_a_recount_whatever_is_written_in_whichever_order()
    {
        var workspace = Guid.CreateVersion7();
        var campaigns = new List<ReviewedCampaign>();
        for (var number = 0; number < 4; number++) campaigns.Add(await ReviewedCampaign.CreateAsync(Db, 25, workspace, $"c{number}.example"));
        using var over = new CancellationTokenSource();
        var wrong = new List<string>();
        var looks = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested) wrong.AddRange(await Db.ListAsync<string>(WrongSql));
        });

        await Task.WhenAll(campaigns.Select((campaign, number) => Task.Run(async () =>
        {
            var random = new Random(number + 1);
            for (var step = 0; step < 60; step++) await StepAsync(random, campaign);
        })));
        await over.CancelAsync();
        await looks;

        wrong.ShouldBeEmpty("also while others write");
        await Fold().SweepAsync(None);
        (await Db.ListAsync<string>(WrongSql)).ShouldBeEmpty();
        (await Db.ScalarAsync<long>("select count(*) from campaign_count_changes")).ShouldBe(0);
        (await Db.ScalarAsync<bool>("select sum(sourced) > 50 and sum(approved) > 0 and sum(intents) > 0 from campaign_counts")).ShouldBeTrue();
    }

    /// <summary>One thing that somebody does, or begins and takes back.</summary>
    private async Task StepAsync(Random random, ReviewedCampaign campaign)
    {
        switch (random.Next(8))
        {
            case 0:
                await Fold().SweepAsync(None);
                break;
            case 1:
                var approval = await campaign.AskAsync(node: $"box{random.Next(2)}");
                var seen = await campaign.HashAsync(approval);
                var decision = new Decision(random.Next(3) == 0 ? "reject" : "approve", null, []);
                await campaign.Decide().ExecuteAsync(approval, decision, new("anna", campaign.WorkspaceId, seen), None);
                break;
            default:
                var takesBack = random.Next(5) == 0;
                var (kind, seed) = (random.Next(10), random.Next());
                await Transactions.AgainAsync(async () =>
                {
                    await using var connection = await Db.DataSource.OpenConnectionAsync(None);
                    await using var transaction = await connection.BeginTransactionAsync();
                    await WriteAsync(connection, new Random(seed), kind, campaign);
                    if (!takesBack) await transaction.CommitAsync();
                    return true;
                }, None);
                break;
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, Random random, int kind, ReviewedCampaign campaign)
    {
        var all = await connection.ListAsync("select id from leads where workspace_id = $1 order by id", row => row.GetGuid(0), None, campaign.WorkspaceId);
        var leads = all.Where(_ => random.Next(6) == 0).ToArray();
        string Of(params string[] words) => words[random.Next(words.Length)];
        // In the order of their ids, as the statements of slices that may meet do.
        async Task SetAsync(string assignment) => await connection.ExecuteAsync($"""
            with taken as (select id from leads where id = any($1) order by id for no key update)
            update leads set {assignment} from taken where leads.id = taken.id
            """, None, leads);
        switch (kind)
        {
            case 0 or 1:
                await SetAsync($"status = '{Of([.. LeadStatus.All])}'");
                break;
            case 2:
                await SetAsync($"score = {Of("null", "3", "8")}, updated_at = now()");
                break;
            case 3:
                await SetAsync($"enrichment_status = '{Of("None", "Enriched", "Failed")}', status = '{Of("Drafted", "Drafted", "Qualified")}'");
                break;
            case 4:
                var verification = Of("Unchecked", "Verified", "Verified", "NotVerified", "NeedsReview");
                await SetAsync($"verification_status = '{verification}', drafted_at = {Of("null", "now()")}");
                break;
            case 5:
                await connection.ExecuteAsync("""
                    insert into leads (id, workspace_id, campaign_id, source, source_id, status, created_at, updated_at)
                    select new_id(), $1, $2, 'instantly', new_id()::text, 'Sourced', now(), now() from generate_series(1, 5)
                    """, None, campaign.WorkspaceId, campaign.Id);
                break;
            case 6:
                await connection.ExecuteAsync("""
                    delete from leads l where l.campaign_id = $1 and l.id = any($2)
                        and not exists (select from approval_leads al where al.lead_id = l.id)
                        and not exists (select from intents i where i.lead_id = l.id)
                    """, None, campaign.Id, leads);
                break;
            case 7:
                await connection.ExecuteAsync("""
                    insert into intents (id, workspace_id, campaign_id, account, kind, subject, lead_id, state, created_at, updated_at)
                    select new_id(), workspace_id, campaign_id, 'acme', $2, id::text || $2, id, 'planned', now(), now()
                    from leads where campaign_id = $3 and id = any($1) order by id on conflict do nothing
                    """, None, leads, Of("lead.add", "lead.add", "campaign.create"), campaign.Id);
                break;
            case 8:
                var state = Of("planned", "sent", "done", "refused");
                await connection.ExecuteAsync("update intents set state = $2 where campaign_id = $3 and lead_id = any($1)", None, leads, state, campaign.Id);
                break;
            default:
                const string OwnSql = "select id from leads where campaign_id = $1 and id = any($2) limit 2";
                var own = await connection.ListAsync(OwnSql, row => row.GetGuid(0), None, campaign.Id, leads);
                await EraseRows.ExecuteAsync(connection, campaign.WorkspaceId, [.. own], None);
                break;
        }
    }

    [Fact]
    public async Task Who_writes_leads_of_a_campaign_waits_for_nobody_else_who_does()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
        var leads = await campaign.LeadsAsync();
        await using var one = await Db.DataSource.OpenConnectionAsync(None);
        await using var held = await one.BeginTransactionAsync();
        await one.ExecuteAsync("update leads set status = 'Approved' where id = $1", None, leads[0]);
        await using var other = await Db.DataSource.OpenConnectionAsync(None);
        await other.ExecuteAsync("set lock_timeout = '5s'", None);

        await other.ExecuteAsync("update leads set status = 'Rejected' where id = $1", None, leads[1]);
        await Fold().SweepAsync(None);
        await CampaignLock.TakeAsync(other, campaign.WorkspaceId, campaign.Id, None);

        (await FiguresAsync(campaign)).Leads.Rejected.ShouldBe(1);
        await held.CommitAsync();
        (await Db.ListAsync<string>(WrongSql)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_statement_that_changes_no_figure_appends_nothing()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 3);
        await Fold().SweepAsync(None);

        await Db.ExecuteAsync("update leads set failure = 'Not checked.', updated_at = now(), status = status where campaign_id = $1", campaign.Id);
        await Db.ExecuteAsync("update leads set status = 'Drafted' where campaign_id = $1 and status = 'Sourced'", campaign.Id);

        (await Db.ScalarAsync<long>("select count(*) from campaign_count_changes")).ShouldBe(0);
    }

    [Fact]
    public async Task A_database_of_the_version_before_has_the_figures_of_its_campaigns()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var migrator = new Migrator(db.Owner);
        await migrator.MigrateAsync([.. Migration.Embedded().Where(migration => string.CompareOrdinal(migration.Name, "0115") < 0)], None);
        var campaign = await ReviewedCampaign.CreateAsync(db, 10);
        var approval = Guid.CreateVersion7();
        await db.ExecuteAsync("update leads set status = case when source_id::int < 4 then 'Pushed' else 'Skipped' end, score = 5, drafted_at = now()");
        await db.ExecuteAsync("""
            insert into approvals (id, workspace_id, campaign_id, instance_id, node_id, round, status, content_hash, lead_count, expires_at, created_at)
            select $1, workspace_id, id, workflow_instance_id, 'a', 1, 'approved', '', 2, now(), now() from campaigns
            """, approval);
        await db.ExecuteAsync("""
            insert into approval_leads (approval_id, workspace_id, lead_id, content_hash, decision)
            select $1, workspace_id, id, '', 'approve' from leads where source_id::int < 4
            """, approval);
        await db.ExecuteAsync("""
            insert into intents (id, workspace_id, campaign_id, account, kind, subject, lead_id, state, created_at, updated_at)
            select new_id(), workspace_id, campaign_id, 'acme', 'lead.add', source_id, id, case source_id when '1' then 'done' else 'refused' end, now(), now()
            from leads where source_id::int < 4
            """);

        await migrator.MigrateAsync(None);

        (await db.ListAsync<string>(WrongSql)).ShouldBeEmpty();
        await db.ExecuteAsync("update leads set status = 'Synced' where source_id = '1'");
        (await db.ListAsync<string>(WrongSql)).ShouldBeEmpty();
        await using var connection = await db.DataSource.OpenConnectionAsync(None);
        var (leads, pushes) = await CampaignFigures.ReadAsync(connection, campaign.WorkspaceId, campaign.Id, 12, None);
        (leads.Counted, leads.Sourced, leads.Approved, leads.Synced, leads.Skipped, pushes).ShouldBe((12, 10, 3, 1, 7, new(3, 1, 2)));
    }

    [Fact]
    public async Task Neither_a_campaign_nor_its_funnel_nor_the_list_is_read_from_leads()
    {
        using var seen = new SeenStatements(Db);
        await using (var app = TestApp.Beside(Db))
        {
            using var run = new CampaignRun(app);
            var request = CampaignRun.Request();
            request["start"] = false;
            var id = await run.StartAsync(request);
            foreach (var path in (string[])[$"/api/campaigns/{id}", $"/api/campaigns/{id}/funnel", "/api/campaigns"])
                (await run.Http.GetAsync(path)).EnsureSuccessStatusCode();
        }

        var figures = seen.All.First(sql => sql.Contains("campaign_count_parts", StringComparison.Ordinal));
        seen.All.Where(sql => Leads().IsMatch(sql)).ShouldBeEmpty("an idle Server reads none either");
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Many')", Guid.Empty);
        await Db.ExecuteAsync("""
            with made as (
                insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, created_at)
                select new_id(), $1, 'C', 'Completed', '{}', 1, 5, '{}', 'w', now() from generate_series(1, 20000) returning id)
            insert into campaign_counts (campaign_id, workspace_id) select id, $1 from made
            """, Guid.Empty);
        await Db.ExecuteAsync("insert into campaign_count_changes (campaign_id, workspace_id) select new_id(), $1 from generate_series(1, 20000)", Guid.Empty);
        await Db.ExecuteAsync("analyze campaign_counts, campaign_count_changes");
        var (workspace, campaign) = ($"'{Guid.Empty}'", $"'{Guid.CreateVersion7()}'");
        var explained = figures.Replace("$1", workspace, StringComparison.Ordinal).Replace("$2", campaign, StringComparison.Ordinal);
        (await Db.ListAsync<string>($"explain {explained}"))
            .Where(line => line.Contains("Seq Scan", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private FoldCounts Fold() => new(Db.DataSource, TimeProvider.System, NullLogger<FoldCounts>.Instance);

    private async Task<(LeadFigures Leads, PushFigures Pushes)> FiguresAsync(ReviewedCampaign campaign)
    {
        await using var connection = await Db.DataSource.OpenConnectionAsync(None);
        return await CampaignFigures.ReadAsync(connection, campaign.WorkspaceId, campaign.Id, 0, None);
    }

    [GeneratedRegex(@"\b(from|join) leads\b")]
    private static partial Regex Leads();
}
