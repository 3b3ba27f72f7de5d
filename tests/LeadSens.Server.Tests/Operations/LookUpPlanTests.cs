using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadSens.Server.Data;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Operations;

/// <summary>Rows that a statement names by their ids are found by their ids. Of tables that were filled a moment ago PostgreSQL knows nothing; it must not take a
/// workspace or a campaign for a row or two and read all of it for every few that are asked for. The statements are those that a campaign sends.</summary>
public sealed partial class LookUpPlanTests : DatabaseTest
{
    private static readonly string[] Grown = ["leads", "contacts", "contact_emails", "contact_enrichments", "drafts", "approval_leads", "intents", "receipts", "jobs"];

    /// <summary>Many rows have the same.</summary>
    private static readonly string[] Shared = ["workspace_id", "campaign_id", "approval_id", "account", "kind", "status", "state"];

    /// <summary>Few at any time, however many there were.</summary>
    private const string OfWhatRuns = "jobs_running";

    /// <param name="othersAnalysed">Of another workspace there are statistics, which know nothing of this one.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_campaign_looks_up_by_ids_is_found_by_them_before_there_are_statistics(bool othersAnalysed)
    {
        var statements = await SentAsync();
        foreach (var table in Grown) await Db.ExecuteAsync($"alter table {table} set (autovacuum_enabled = false)");
        if (othersAnalysed)
        {
            await FillAsync("other.example");
            await Db.ExecuteAsync("analyze leads");
        }
        await FillAsync("one.example");
        await Db.ExecuteAsync("""
            create function plan_of(statement text, sent_as text) returns text language plpgsql as $$
            declare plan text;
            begin
                perform set_config('role', sent_as, true);
                execute 'explain (generic_plan, format json) ' || statement into plan;
                return plan;
            end $$
            """);

        var read = new List<string>();
        foreach (var sql in statements)
        foreach (var role in (string[])[Pools.WorkspaceRole, Pools.SystemRole])
        {
            var plan = JsonNode.Parse((await Db.ScalarAsync<string>("select plan_of($1, $2)", sql, role))!);
            read.AddRange(Nodes(plan).Select(WhatItReads).OfType<string>().Select(whole => $"{role} {whole}: {sql}"));
        }

        read.ShouldBeEmpty();
        statements.Count.ShouldBeGreaterThan(15);
    }

    /// <summary>Each lead by its id, and not each against all.</summary>
    [Fact]
    public async Task The_suppression_list_is_held_against_a_campaigns_leads_one_by_one()
    {
        const int Leads = 2_000;
        await Db.ExecuteAsync("alter table leads set (autovacuum_enabled = false)");
        var campaign = await ReviewedCampaign.CreateAsync(Db, Leads);
        await using var connection = await Db.DataSource.OpenConnectionAsync(CancellationToken.None);
        var before = await ReadAsync();

        await SuppressLeads.ExecuteAsync(connection, campaign.WorkspaceId, campaign.Id, new SuppressionKey([1], [2]), CancellationToken.None);

        (await ReadAsync() - before).ShouldBeInRange(Leads, 2 * Leads);

        // What this session has not told the statistics yet counts as well.
        Task<long> ReadAsync() => connection.Sql("select seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_xact_user_tables where relname = 'leads'")
            .FirstAsync(row => row.GetInt64(0), CancellationToken.None);
    }

    /// <summary>Another workspace was analysed, and what PostgreSQL found there is wrong here.</summary>
    [Fact]
    public async Task A_campaign_does_not_read_its_workspaces_other_leads_for_each_few_of_its_own()
    {
        const int Others = 5_000;
        await Db.ExecuteAsync("alter table leads set (autovacuum_enabled = false)");
        await ReviewedCampaign.CreateAsync(Db, Others, domain: "one.example");
        await Db.ExecuteAsync("analyze leads");
        await using var sandbox = await TestSandbox.StartAsync();
        long before;
        await using (var app = TestApp.Beside(Db, ("LeadSens:SandboxUrl", sandbox.BaseUrl)))
        {
            using var run = new CampaignRun(app);
            await ReviewedCampaign.CreateAsync(Db, Others, await run.WorkspaceAsync(), "two.example");
            before = await ReadAsync("LeadSens");
            var id = await run.StartAsync(CampaignRun.Request(limit: 20));
            await run.DecideAsync(id);
            await run.UntilAsync(id, "Completed");
        }

        // Whether anybody was approved may have to pass all once.
        (await ReadAsync("LeadSens%") - before).ShouldBeLessThan(3 * Others);
    }

    /// <summary>The leads that were read so far. A session counts in passing, and at its end at the latest; these are over.</summary>
    private async Task<long> ReadAsync(string sessions)
    {
        const string Sessions = "select count(*) from pg_stat_activity where datname = current_database() and application_name like $1";
        Db.Owner.Clear();
        await Eventually.Be(async () => await Db.ScalarAsync<long>(Sessions, sessions) == 1);
        return await Db.ScalarAsync<long>("select seq_tup_read + idx_tup_fetch from pg_stat_user_tables where relname = 'leads'");
    }

    private static async Task<List<string>> SentAsync()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var seen = new SeenStatements(app.Database);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 20));
        await run.DecideAsync(id);
        await run.UntilAsync(id, "Completed");
        return [.. seen.All.SelectMany(sent => sent.Split(";\n")).Distinct()
            .Where(sql => LookUp().IsMatch(sql) && Word().Matches(sql).Any(word => Grown.Contains(word.Value)))];
    }

    /// <summary>One workspace with one campaign, as large as it is small beside all others to come.</summary>
    private async Task FillAsync(string domain)
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 3_000, domain: domain);
        var batch = Guid.CreateVersion7();
        await campaign.AskAsync();
        await Db.ExecuteAsync("""
            insert into batches (id, workspace_id, campaign_id, kind, parameters, state, is_open, total, created_at)
            values ($3, $1, $2, 'lead.score', '{}', 'Running', true, 1, now())
            """, campaign.WorkspaceId, campaign.Id, batch);
        await Db.ExecuteAsync("""
            insert into jobs (id, batch_id, seq, workspace_id, campaign_id, lead_id, kind, state, run_after)
            select new_id(), $2, row_number() over (), workspace_id, campaign_id, id, 'lead.score', 'Running', now() from leads where campaign_id = $1
            """, campaign.Id, batch);
        await Db.ExecuteAsync("""
            insert into contact_enrichments (contact_id, workspace_id, enriched_at) select contact_id, workspace_id, now() from leads where campaign_id = $1
            """, campaign.Id);
        await Db.ExecuteAsync("""
            insert into intents (id, workspace_id, campaign_id, account, kind, subject, lead_id, state, created_at, updated_at)
            select new_id(), workspace_id, campaign_id, 'acme', 'lead.add', id::text, id, 'sent', now(), now() from leads where campaign_id = $1
            """, campaign.Id);
    }

    /// <summary>Null where the node looks rows up by something of their own.</summary>
    private static string? WhatItReads(JsonObject node)
    {
        var table = node["Relation Name"]?.ToString();
        if (node["Node Type"]!.ToString() == "Seq Scan") return Grown.Contains(table) ? $"all of {table}" : null;
        if (node["Index Name"]?.ToString() is not { } index || index == OfWhatRuns) return null;
        if (!Grown.Any(grown => index.StartsWith(grown, StringComparison.Ordinal))) return null;
        var columns = Column().Matches(node["Index Cond"]?.ToString() ?? "").Select(match => match.Groups[1].Value);
        return columns.All(Shared.Contains) ? $"{index} by ({string.Join(", ", columns)})" : null;
    }

    private static IEnumerable<JsonObject> Nodes(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Nodes),
        JsonObject own => [.. own["Node Type"] is null ? Array.Empty<JsonObject>() : [own], .. Nodes(own["Plan"]), .. Nodes(own["Plans"])],
        _ => [],
    };

    [GeneratedRegex(@"= any ?\(\$|unnest\(\$")]
    private static partial Regex LookUp();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\((?:\w+\.)?(\w+) (?:=|<|>|<=|>=) ")]
    private static partial Regex Column();
}
