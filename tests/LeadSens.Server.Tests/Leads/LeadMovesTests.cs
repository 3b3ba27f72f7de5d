using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSens.Activities;
using LeadSens.Server.Contacts;
using LeadSens.Server.Data;
using LeadSens.Server.Discovery;
using LeadSens.Server.Drafting;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Push;
using LeadSens.Server.Rights;
using LeadSens.Server.Scoring;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Tests.Leads;

[Collection(typeof(FindingStages))]
public sealed class LeadMovesTests(StageApp stage)
{
    private const string FailedFrom = "Failed from ";

    private const string Allowed = """
        New: Suppressed
        Sourced: Duplicate, Suppressed, Scored, Failed
        Duplicate: Suppressed
        Suppressed: Suppressed
        Scored: Suppressed, Skipped, Qualified
        Skipped: Suppressed, Skipped, Qualified
        Qualified: Suppressed, Skipped, Qualified, Drafted, Failed
        Drafted: Suppressed, Qualified, Drafted, Approved, Rejected, Failed
        Approved: Suppressed, Qualified, Approved, Rejected, Pushed, Replied, Bounced, Unsubscribed, Failed
        Rejected: Suppressed
        Pushed: Synced, Replied, Bounced, Unsubscribed
        Synced: Replied, Bounced, Unsubscribed
        Replied: Replied, Bounced, Unsubscribed
        Bounced: Replied, Bounced, Unsubscribed
        Unsubscribed:
        Failed: Suppressed, Failed
        Failed from Sourced: Suppressed, Scored, Failed
        Failed from Qualified: Suppressed, Drafted, Failed
        Failed from Drafted: Suppressed, Drafted, Failed
        """;

    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Dictionary<string, LeadMove> Moves =
        typeof(LeadMoves).GetFields().Where(field => field.FieldType == typeof(LeadMove)).ToDictionary(field => field.Name, field => (LeadMove)field.GetValue(null)!);

    /// <summary>A failed lead is in as many states as it can have failed in.</summary>
    private static readonly string[] States = [.. LeadStatus.All, .. LeadMoves.Fail.From.Where(state => state != LeadStatus.Failed).Select(state => FailedFrom + state)];

    /// <summary>From the words that begin a statement over leads to the next statement.</summary>
    private static readonly Regex Statement = new(
        """\b(update|insert\s+into|merge\s+into|copy)\s+(only\s+)?(public\.)?"?leads"?(?![\w.]).*?(?=\b(update(?!\s+set\b)|insert|delete|merge)\b|\z)""",
        RegexOptions.IgnoreCase | RegexOptions.Singleline);

    private static readonly Regex Assignment = new("""(\bset|,)\s*"?status"?\s*=(?!=)|\bset\s*\([^)]*\bstatus\b[^)]*\)\s*=""", RegexOptions.IgnoreCase);

    private SuppressionKeys Keys => stage.App.Services.GetRequiredService<SuppressionKeys>();

    [Fact]
    public async Task Of_all_pairs_of_states_these_are_allowed_and_no_other()
    {
        var (campaign, leads) = await InEveryStateAsync();
        await using var connection = await stage.Db.DataSource.OpenConnectionAsync(None);
        var moved = new HashSet<(string State, string End)>();
        foreach (var move in Moves.Values.Where(move => move.From.Count > 0))
        {
            foreach (var end in move.To)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                var sql = $"update leads l set {move.Set(end)} where l.campaign_id = $1 and {move.Takes("l")} returning l.id, l.status";
                moved.UnionWith(await connection.ListAsync(sql, row => (leads[row.GetGuid(0)], row.GetString(1)), None, campaign.Id));
            }
        }

        string.Join('\n', States.Select(state => $"{state}: {string.Join(", ", LeadStatus.All.Where(end => moved.Contains((state, end))))}".TrimEnd())).ShouldBe(Allowed);
    }

    [Fact]
    public async Task Statements_move_what_their_move_takes_and_leave_the_rest()
    {
        var (campaign, leads) = await InEveryStateAsync();
        var all = leads.Keys.ToArray();
        await using var connection = await stage.Db.DataSource.OpenConnectionAsync(None);

        await MovesAsync(LeadMoves.SetAside, LeadStatus.Duplicate, () => SetAsideAsync(connection, campaign, all));
        await MovesAsync(LeadMoves.SetAside, LeadStatus.Suppressed, async () =>
        {
            await PutOnListAsync(connection, campaign);
            await SetAsideAsync(connection, campaign, all);
        });
        await MovesAsync(LeadMoves.Score, LeadStatus.Scored, () =>
            ScoreSql.SaveAsync(connection, [.. all.Select(lead => new EndedJob<LeadScore>(Job(campaign, lead), new(7, 7, 7, 7, 7, "It fits."), null, null))], None));
        await MovesAsync(LeadMoves.Filter, LeadStatus.Qualified, () => FilterAsync(7));
        await MovesAsync(LeadMoves.Filter, LeadStatus.Skipped, () => FilterAsync(8));
        await MovesAsync(LeadMoves.Draft, LeadStatus.Drafted, () => DraftAsync(connection, campaign, all));
        await MovesAsync(LeadMoves.Fail, LeadStatus.Failed, () =>
            LeadFailures.SaveAsync(connection, campaign.WorkspaceId, [.. all.Select(lead => (lead, new ProviderFailure(ProviderFailureKind.Invalid, "mistral", "No.")))], None));
        await MovesAsync(LeadMoves.Suppress, LeadStatus.Suppressed, () => SuppressAsync(connection, campaign));
        await MovesAsync(LeadMoves.Sync, LeadStatus.Synced, () => new CrmSyncJob(new("crm", "CRM", null!, null!), null!).SaveAsync(
            connection, [new EndedJob<IReadOnlyList<SyncedLead>>(Job(campaign), [.. all.Select(lead => new SyncedLead(lead, null, "4711"))], null, null)], None));
        await MovesAsync(LeadMoves.Erase, LeadStatus.Suppressed, () => EraseRows.ExecuteAsync(connection, campaign.WorkspaceId, all, None));

        async Task FilterAsync(int threshold)
        {
            var plan = await new LeadRules(stage.Db.DataSource, Options.Create(new ContactsOptions())).FilterAsync(new RunCampaign(campaign.WorkspaceId, campaign.Id), threshold, None);
            await plan.Write.ShouldBeOfType<SqlWrite>().ExecuteAsync(connection, None);
        }

        async Task MovesAsync(LeadMove move, string end, Func<Task> statement)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await statement();
            (await connection.ListAsync("select id, status from leads where campaign_id = $1", row => $"{leads[row.GetGuid(0)]}: {row.GetString(1)}", None, campaign.Id))
                .ShouldBe(leads.Values.Select(state => $"{state}: {(Takes(move, state) ? end : state.Split(' ')[0])}"), ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("suppress", LeadStatus.Approved, LeadStatus.Replied)]
    [InlineData("set aside", LeadStatus.Sourced, LeadStatus.Suppressed)]
    [InlineData("draft", LeadStatus.Qualified, LeadStatus.Suppressed)]
    [InlineData("push", LeadStatus.Approved, LeadStatus.Replied)]
    public async Task What_moved_meanwhile_is_not_moved_back(string move, string before, string meanwhile)
    {
        var campaign = await ReviewedCampaign.CreateAsync(stage.Db, 1);
        var lead = (await campaign.LeadsAsync()).Single();
        await stage.Db.ExecuteAsync("update leads set status = $2 where id = $1", lead, before);
        await using var first = await stage.Db.DataSource.OpenConnectionAsync(None);
        await using var second = await stage.Db.DataSource.OpenConnectionAsync(None);
        await using var transaction = await first.BeginTransactionAsync();
        await first.ExecuteAsync("update leads set status = $2 where id = $1", None, lead, meanwhile);

        var late = move switch
        {
            "suppress" => SuppressAsync(second, campaign),
            "set aside" => SetAsideAsync(second, campaign, [lead]),
            "draft" => DraftAsync(second, campaign, [lead]),
            _ => MarkAsync(campaign),
        };
        await Eventually.Be(() => stage.Db.ScalarAsync<bool>("select exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))", first.ProcessID));
        await transaction.CommitAsync();
        await late;

        (await stage.Db.ScalarAsync<string>("select status from leads where id = $1", lead)).ShouldBe(meanwhile);
    }

    [Fact]
    public void A_move_ends_where_the_table_says() =>
        Should.Throw<ArgumentException>(() => LeadMoves.Decide.Set(LeadStatus.Approved, ("true", LeadStatus.Pushed))).Message.ShouldContain("not in Pushed");

    [Fact]
    public void Nobody_writes_the_state_but_through_the_table()
    {
        var sources = Directory.EnumerateFiles(SourceRoot(), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".sql" && !file.Contains("/obj/", StringComparison.Ordinal))
            .ToDictionary(file => file, File.ReadAllText);

        sources.Where(source => Writes(source.Value)).Select(source => source.Key).ShouldBeEmpty("leads.status is written through Leads/LeadMoves.cs");
        Moves.Keys.Where(name => !sources.Any(source => !source.Key.EndsWith("/LeadMoves.cs", StringComparison.Ordinal) && source.Value.Contains($"LeadMoves.{name}.", StringComparison.Ordinal)))
            .ShouldBeEmpty("a move that nobody makes");
    }

    [Theory]
    [InlineData("update leads l set failure = null, status = 'Pushed' where l.id = $1", true)]
    [InlineData("UPDATE ONLY public.leads SET (failure, status) = (null, 'Pushed')", true)]
    [InlineData("insert into leads (id, status) values ($1, 'Sourced')", true)]
    [InlineData("insert into leads (id, status) select $1, {LeadMoves.Source.Value(state)} on conflict (id) do update set status = 'Sourced'", true)]
    [InlineData("merge into leads l using told t on t.id = l.id when matched then update set status = 'Replied'", true)]
    [InlineData("insert into leads (id, status) select $1, {LeadMoves.Source.Value(state)}", false)]
    [InlineData("update leads l set {LeadMoves.Push.Set()}, updated_at = now() where l.status = 'Approved'", false)]
    [InlineData("update leads set enrichment_status = 'Failed' where status = 'Qualified'; update campaigns set status = 'Completed'", false)]
    public void A_statement_that_writes_the_state_is_recognised(string sql, bool writes) => Writes(sql).ShouldBe(writes);

    /// <summary>A lead cannot be made without a state; an update may leave it alone.</summary>
    private static bool Writes(string source) => Statement.Matches(source).Any(statement =>
        Assignment.IsMatch(statement.Value) || !statement.Groups[1].Value.Equals("update", StringComparison.OrdinalIgnoreCase) && !statement.Value.Contains("{LeadMoves.", StringComparison.Ordinal));

    private static bool Takes(LeadMove move, string state) =>
        state.StartsWith(FailedFrom, StringComparison.Ordinal)
            ? move.OrFailed && move.From.Contains(state[FailedFrom.Length..]) || move.From.Contains(LeadStatus.Failed)
            : move.From.Contains(state);

    /// <summary>A campaign with one lead in every state, and which lead is in which.</summary>
    private async Task<(ReviewedCampaign Campaign, Dictionary<Guid, string> Leads)> InEveryStateAsync()
    {
        var campaign = await ReviewedCampaign.CreateAsync(stage.Db, States.Length);
        var leads = (await campaign.LeadsAsync()).Zip(States).ToDictionary(lead => lead.First, lead => lead.Second);
        await stage.Db.ExecuteAsync("""
            update leads l set status = split_part(s.state, ' ', 1), failed_from = nullif(split_part(s.state, ' ', 3), ''), score = 7
            from unnest($1::uuid[], $2::text[]) as s (id, state) where l.id = s.id
            """, leads.Keys.ToArray(), leads.Values.ToArray());
        return (campaign, leads);
    }

    private static ClaimedJob Job(ReviewedCampaign campaign, Guid? lead = null, JsonElement payload = default) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), campaign.WorkspaceId, campaign.Id, lead, 1, Guid.CreateVersion7(), payload, default, default);

    private static Task DraftAsync(NpgsqlConnection connection, ReviewedCampaign campaign, Guid[] leads)
    {
        var draft = new WrittenDraft("Another subject", "Another body", []);
        return DraftSql.SaveAsync(connection, [.. leads.Select(lead => new EndedJob<DraftedSequence>(Job(campaign, lead), new("en", [draft, draft, draft]), null, null))], None);
    }

    /// <summary>The CRM knows all addresses.</summary>
    private Task SetAsideAsync(NpgsqlConnection connection, ReviewedCampaign campaign, Guid[] leads)
    {
        var known = new KnownContacts([.. Enumerable.Range(1, leads.Length).Select(number => $"lead{number}@example.com")]);
        var job = Job(campaign, payload: JsonSerializer.SerializeToElement(new { leads }));
        return Duplicates.SaveAsync(connection, [new EndedJob<KnownContacts>(job, known, null, null)], "the CRM", Keys, None);
    }

    private async Task SuppressAsync(NpgsqlConnection connection, ReviewedCampaign campaign)
    {
        await PutOnListAsync(connection, campaign);
        await SuppressLeads.ExecuteAsync(connection, campaign.WorkspaceId, campaign.Id, await Keys.OfAsync(connection, campaign.WorkspaceId, None), None);
    }

    /// <summary>Looks at leads once more before they are pushed; nobody signed them.</summary>
    private async Task MarkAsync(ReviewedCampaign campaign)
    {
        await stage.Db.ExecuteAsync("insert into push_writers (campaign_id, workspace_id, fence, job_id, taken_at) values ($1, $2, 1, $1, now())", campaign.Id, campaign.WorkspaceId);
        var target = new PushTarget(campaign.WorkspaceId, campaign.Id, ProviderAccount.Sandbox("instantly", "http://127.0.0.1:9"), "theirs", 1, new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)));
        (await PushChunk.MarkAsync(stage.Db.DataSource, target, Guid.Empty, 10, SuppressionKey.Of(new byte[32]), None))!.Sending.ShouldBeEmpty();
    }

    /// <summary>Puts all addresses on the suppression list.</summary>
    private static Task<int> PutOnListAsync(NpgsqlConnection connection, ReviewedCampaign campaign) => connection.ExecuteAsync(
        "insert into suppressions (id, workspace_id, kind, value, created_at) values ($1, $2, 'domain', 'example.com', now())", None, Guid.CreateVersion7(), campaign.WorkspaceId);

    private static string SourceRoot()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(place!.FullName, "LeadSens.sln"))) place = place.Parent;
        return Path.Combine(place.FullName, "src");
    }
}
