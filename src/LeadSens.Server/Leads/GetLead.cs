using System.Text.Json;
using LeadSens.Server.Contacts;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Leads;

/// <summary>One lead with records, score, enrichment, drafts and provenance.</summary>
internal sealed class GetLead(Database database) : IUseCase<GetLead, GetLead.Request, LeadView>
{
    public sealed record Request(Guid Id);

    private const string LeadSql = $"""
        select l.id, l.campaign_id, l.email, l.first_name, l.last_name, l.job_title, l.company_name, l.website, l.industry, l.company_size, l.country, l.city,
            l.linkedin_url, l.status, l.enrichment_status, l.verification_status, l.exclusion_reason, l.failure, l.score, l.score_band, l.score_breakdown, l.score_reason,
            l.source, l.source_id, l.source_verification, l.created_at, l.verification_source, l.verified_at, l.updated_at,
            e.website, e.profile, e.failure, e.prompt_version, e.enriched_at, e.reader
        from leads l {KnownCompany.Join}
        where l.workspace_id = $1 and l.id = $2 and l.erased_at is null
        """;

    /// <summary>All that sources said of the person, the first one first.</summary>
    private const string RecordsSql = """
        select r.provider, r.provider_id, (r.fields ->> 'verification')::int, r.received_at
        from leads l
        join contact_identities i on i.workspace_id = l.workspace_id and i.contact_id = l.contact_id
        join source_records r on r.workspace_id = i.workspace_id and r.provider = i.provider and r.provider_id = i.provider_id
        where l.workspace_id = $1 and l.id = $2 order by r.received_at, r.said_at, r.provider, r.provider_id
        """;

    private const string DraftsSql = """
        select step, subject, body, original_subject, original_body, language, prompt_version, flags, created_at
        from drafts where workspace_id = $1 and lead_id = $2 order by step
        """;

    public static UseCase Declaration { get; } = new("getLead", "A lead with everything that is known and was written about it", Permission.Read);

    public async Task<Outcome<LeadView>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var lead = await database.FirstAsync(LeadSql, ReadLead, cancellationToken, caller.WorkspaceId, request.Id);
        if (lead is null) return Refusal.NotFound("lead_not_found");
        var records = await database.Sql(RecordsSql, caller.WorkspaceId, request.Id).ListAsync(ReadRecord, cancellationToken);
        var drafts = await database.ListAsync(DraftsSql, ReadDraft, cancellationToken, caller.WorkspaceId, request.Id);
        if (records.Count == 0) return lead with { Drafts = drafts };
        return lead with { Drafts = drafts, Records = records, Provenance = lead.Provenance with { OriginalSource = records[0].Source } };
    }

    private static LeadView ReadLead(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Text(7), row.Text(8), row.Text(9), row.Text(10),
        row.Text(11), row.Text(12), row.GetString(13), row.GetString(14), row.GetString(15), row.Text(16), row.Text(17), ReadScore(row), ReadEnrichment(row), [],
        [new(row.GetString(22), row.GetString(23), row.Maybe<int>(24), row.GetFieldValue<DateTimeOffset>(25))],
        new(row.GetString(22), row.Text(34), row.Text(26), row.Maybe<DateTimeOffset>(27), row.GetFieldValue<DateTimeOffset>(28)));

    private static LeadRecord ReadRecord(NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1), row.Maybe<int>(2), row.GetFieldValue<DateTimeOffset>(3));

    private static LeadScoreView? ReadScore(NpgsqlDataReader row) => row.IsDBNull(18)
        ? null
        : new(row.GetInt32(18), row.GetString(19), JsonSerializer.Deserialize(row.GetString(20), LeadJson.Default.ScoreBreakdown)!, row.GetString(21));

    private static LeadEnrichmentView? ReadEnrichment(NpgsqlDataReader row) => row.IsDBNull(33)
        ? null
        : new(row.Text(29), row.Text(30) is { } profile ? JsonSerializer.Deserialize(profile, LeadJson.Default.CompanyProfile) : null, row.Text(31), row.Text(32),
            row.GetFieldValue<DateTimeOffset>(33));

    private static LeadDraftView ReadDraft(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.Text(3), row.Text(4), row.GetString(5), row.GetString(6), row.GetFieldValue<string[]>(7), row.GetFieldValue<DateTimeOffset>(8));
}
