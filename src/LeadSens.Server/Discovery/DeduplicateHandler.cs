using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>A part of a campaign's leads and their addresses.</summary>
internal sealed record PartInput(IReadOnlyList<string> Emails);

/// <summary>The addresses that the CRM knows.</summary>
internal sealed record KnownContacts(IReadOnlyList<string> Emails);

/// <summary>Checks parts of 100 leads: addresses against the CRM with one call, then against the workspace and its suppressions in SQL.</summary>
internal sealed class DeduplicateHandler(ProviderFor<Crm> crm, SuppressionKeys keys) : JobHandler<PartInput, KnownContacts>
{
    private static readonly string EmailsSql = $"select id, email_key from leads where id = any($1) and {SqlText.Check("workspace_id = $2")} and email_key is not null";

    public override string Kind => "lead.deduplicate";

    public override string SelectSql => """
        select null::uuid as lead_id, jsonb_build_object('leads', jsonb_agg(id order by id)) as payload
        from (select id, (row_number() over (order by id) - 1) / 100 as part from leads
              where workspace_id = @workspace and campaign_id = @campaign and status = 'Sourced') parts
        group by part order by part
        """;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        crm.CostsAsync(workspaceId, calls: 1, cancellationToken);

    public override async Task<IReadOnlyDictionary<Guid, PartInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var parts = jobs.ToDictionary(job => job.Id, job => LeadIds(job));
        var emails = (await connection.ListAsync(EmailsSql, row => (Id: row.GetGuid(0), Email: row.GetString(1)), cancellationToken, parts.Values.SelectMany(ids => ids).ToArray(), jobs.WorkspaceId()))
            .ToDictionary(lead => lead.Id, lead => lead.Email);
        return parts.ToDictionary(part => part.Key, part => new PartInput([.. part.Value.Where(emails.ContainsKey).Select(id => emails[id]).Distinct()]));
    }

    public override async Task<JobOutcome<KnownContacts>> RunAsync(ClaimedJob job, PartInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        if (!ChecksCrm(job.Parameters) || input.Emails.Count == 0) return new KnownContacts([]);
        var account = await crm.ForAsync(job.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var known = await crm.Part.KnownAsync(account.Value, input.Emails, cancellationToken);
        return known.Succeeded ? new KnownContacts([.. known.Value.Select(LeadAddress.KeyOf).OfType<string>()]) : known.Failure;
    }

    public override Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<KnownContacts>> ended, CancellationToken cancellationToken) =>
        Duplicates.SaveAsync(connection, ended, crm.Title, keys, cancellationToken);

    public static Guid[] LeadIds(ClaimedJob job) => [.. job.Payload.GetProperty("leads").EnumerateArray().Select(id => id.GetGuid())];

    private static bool ChecksCrm(JsonElement parameters) =>
        parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty("checkCrm", out var check) || check.ValueKind != JsonValueKind.False;
}
