using System.Text.Json.Nodes;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Discovery;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Push;

/// <summary>Writes pushed leads to the CRM, 100 per job. An upsert by e-mail can be repeated, so it needs no intent.</summary>
internal sealed class CrmSyncJob(ProviderFor<Crm> crm, SuppressionKeys keys) : JobHandler<IReadOnlyList<CrmLead>, IReadOnlyList<SyncedLead>>
{
    /// <summary>Who came onto the suppression list after the push is not carried any further.</summary>
    private static readonly string LoadSql = $"""
        select id, email, first_name, last_name, company_name, job_title, website from leads l
        where id = any($1) and {SqlText.Check("workspace_id = $4")} and status = 'Pushed' and email is not null and {SuppressionSql.Holding("l.workspace_id", "l.email_key", "$2", "$3")} is null
        """;

    public override string Kind => "crm.sync";

    public override IReadOnlyList<TimeSpan> RetrySchedule => JobDefaults.Patient;

    public override string SelectSql => $"""
        select null::uuid as lead_id, jsonb_build_object('leadIds', jsonb_agg(id order by id)) as payload
        from (select l.id, (row_number() over (order by l.id) - 1) / {Crm.MostPerCall} as part
              from leads l join campaigns c on c.id = l.campaign_id
              where c.id = @campaign and c.workspace_id = @workspace and '{crm.Name}' = any(c.targets) and l.status = 'Pushed') parts
        group by part order by part
        """;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        crm.CostsAsync(workspaceId, calls: 1, cancellationToken);

    public override async Task<IReadOnlyDictionary<Guid, IReadOnlyList<CrmLead>>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var parts = jobs.ToDictionary(job => job.Id, LeadIds);
        var rows = new List<CrmLead>();
        foreach (var workspace in jobs.GroupBy(job => job.WorkspaceId))
        {
            var key = await keys.OfAsync(connection, workspace.Key, cancellationToken);
            rows.AddRange(await connection.Sql(LoadSql, workspace.SelectMany(job => parts[job.Id]).ToArray(), key.Inner, key.Outer, workspace.Key).ListAsync(Contact, cancellationToken));
        }

        var contacts = rows.ToDictionary(contact => contact.Id);
        return parts.ToDictionary(part => part.Key, part => (IReadOnlyList<CrmLead>)
            [.. part.Value.Where(contacts.ContainsKey).Select(id => contacts[id]).DistinctBy(contact => contact.Email, StringComparer.OrdinalIgnoreCase)]);
    }

    public override async Task<JobOutcome<IReadOnlyList<SyncedLead>>> RunAsync(
        ClaimedJob job, IReadOnlyList<CrmLead> contacts, JobProgress progress, CancellationToken cancellationToken)
    {
        if (contacts.Count == 0) return new JobOutcome<IReadOnlyList<SyncedLead>>.Skipped("Its leads are synced already.");
        var account = await crm.ForAsync(job.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var outcomes = new List<SyncedLead>(contacts.Count);
        return await UpsertAsync(account.Value, contacts, outcomes, cancellationToken) is { } failure ? failure : new JobOutcome<IReadOnlyList<SyncedLead>>.Completed(outcomes);
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<IReadOnlyList<SyncedLead>>> ended, CancellationToken cancellationToken)
    {
        var leads = ended.SelectMany(job => job.Result ?? NotSynced(job)).ToList();
        await connection.Sql($"""
            update leads l set {LeadMoves.Sync.SetWhere("r.refusal is null")}, failure = r.refusal,
                crm = case when r.refusal is null then $5 else l.crm end, crm_id = coalesce(r.contact, l.crm_id), updated_at = clock_now()
            from unnest($1::uuid[], $2::text[], $3::text[]) as r (id, refusal, contact)
            where l.id = r.id and {SqlText.Check("l.workspace_id = $4")} and {LeadMoves.Sync.Takes("l")}
            """, leads.Select(lead => lead.LeadId).ToArray(), leads.Select(lead => lead.Refusal).ToArray(),
            leads.Select(lead => lead.ContactId).ToArray(), ended[0].Job.WorkspaceId, crm.Name).RunAsync(cancellationToken);
        foreach (var batch in ended.GroupBy(job => job.Job.BatchId))
        {
            var results = batch.SelectMany(job => job.Result ?? []).ToList();
            var synced = results.Count(lead => lead.Refusal is null);
            await BatchResult.AddAsync(connection, batch.Key, new JsonObject { ["synced"] = synced, ["refused"] = results.Count - synced }, cancellationToken);
        }
    }

    private static Guid[] LeadIds(ClaimedJob job) => [.. job.Payload.GetProperty("leadIds").EnumerateArray().Select(id => id.GetGuid())];

    /// <summary>The leads of a part that the CRM never answered for say why; a new batch takes them up.</summary>
    private IEnumerable<SyncedLead> NotSynced(EndedJob<IReadOnlyList<SyncedLead>> job) =>
        job.Failure is { } failure ? LeadIds(job.Job).Select(id => new SyncedLead(id, $"Not synced to {crm.Title}: {failure.Message}")) : [];

    /// <summary>Where the CRM refuses the whole part for one contact in it, halves it until that contact stands alone.</summary>
    private async Task<ProviderFailure?> UpsertAsync(
        ProviderAccount account, IReadOnlyList<CrmLead> contacts, List<SyncedLead> outcomes, CancellationToken cancellationToken)
    {
        var answer = await crm.Part.UpsertAsync(account, contacts, cancellationToken);
        if (answer.Succeeded)
        {
            outcomes.AddRange(answer.Value);
            return null;
        }
        if (answer.Failure.Kind != ProviderFailureKind.Invalid) return answer.Failure;
        if (contacts.Count == 1)
        {
            outcomes.Add(new(contacts[0].Id, answer.Failure.Message));
            return null;
        }
        var half = contacts.Count / 2;
        return await UpsertAsync(account, [.. contacts.Take(half)], outcomes, cancellationToken)
            ?? await UpsertAsync(account, [.. contacts.Skip(half)], outcomes, cancellationToken);
    }

    private static CrmLead Contact(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.Nullable<string>(2), row.Nullable<string>(3), row.Nullable<string>(4), row.Nullable<string>(5),
            row.Nullable<string>(6));
}
