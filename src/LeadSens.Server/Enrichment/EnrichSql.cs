using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Enrichment;

/// <summary>The statements of <see cref="EnrichHandler"/>.</summary>
internal static class EnrichSql
{
    public static readonly string Leads = $"select id, website, company_name from leads where id = any($1) and {SqlText.Check("workspace_id = $2")} and status = 'Qualified'";

    private static readonly string Write = $"""
        with ended as (
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as e (id, website, profile, failure)
        ), marked as (
            update leads l set enrichment_status = case when e.profile is null then 'Failed' else 'Enriched' end, updated_at = now()
            from ended e where l.id = e.id and {SqlText.Check("l.workspace_id = $6")} and l.erased_at is null
            returning l.contact_id, l.company_name, e.website, e.profile, e.failure
        )
        insert into contact_enrichments as known (workspace_id, contact_id, company_name, website, profile, failure, prompt_version, enriched_at, reader)
        select distinct on (contact_id) $6, contact_id, company_name, website, profile::jsonb, failure, $5, now(), case when profile is not null then $7 end from marked
        where contact_id is not null order by contact_id, profile is null
        on conflict (workspace_id, contact_id) do update set company_name = excluded.company_name, website = excluded.website, profile = excluded.profile,
            failure = excluded.failure, prompt_version = excluded.prompt_version, enriched_at = excluded.enriched_at,
            reader = excluded.reader
        where excluded.profile is not null or known.profile is null
        """;

    public static Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<EnrichResult>> ended, string promptVersion, string reader, CancellationToken cancellationToken)
    {
        var jobs = ended.Where(job => job.SkipReason is null).ToList();
        return jobs.Count == 0
            ? Task.CompletedTask
            : connection.ExecuteAsync(Write, cancellationToken,
                jobs.Select(job => job.Job.LeadId!.Value).ToArray(), jobs.Select(job => job.Result?.Website).ToArray(),
                jobs.Select(job => job.Result is null ? null : JsonSerializer.Serialize(job.Result.Profile, EnrichmentJson.Default.CompanyProfile)).ToArray(),
                jobs.Select(job => job.Failure?.Message).ToArray(), promptVersion, jobs[0].Job.WorkspaceId, reader);
    }
}
