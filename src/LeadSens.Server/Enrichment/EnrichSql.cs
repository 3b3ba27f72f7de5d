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
            select e.*, l.workspace_id from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as e (id, website, profile, failure) join leads l on l.id = e.id and {SqlText.Check("l.workspace_id = $6")} and l.erased_at is null
        ), marked as (
            update leads l set enrichment_status = case when e.profile is null then 'Failed' else 'Enriched' end, updated_at = now() from ended e where l.id = e.id and l.workspace_id = e.workspace_id
        )
        insert into lead_enrichments (lead_id, workspace_id, website, profile, failure, prompt_version, enriched_at)
        select id, workspace_id, website, profile::jsonb, failure, $5, now() from ended
        on conflict (lead_id) do update set website = excluded.website, profile = excluded.profile, failure = excluded.failure,
            prompt_version = excluded.prompt_version, enriched_at = excluded.enriched_at
        """;

    public static Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<EnrichResult>> ended, string promptVersion, CancellationToken cancellationToken)
    {
        var jobs = ended.Where(job => job.SkipReason is null).ToList();
        return jobs.Count == 0
            ? Task.CompletedTask
            : connection.ExecuteAsync(Write, cancellationToken,
                jobs.Select(job => job.Job.LeadId!.Value).ToArray(), jobs.Select(job => job.Result?.Website).ToArray(),
                jobs.Select(job => job.Result is null ? null : JsonSerializer.Serialize(job.Result.Profile, EnrichmentJson.Default.CompanyProfile)).ToArray(),
                jobs.Select(job => job.Failure?.Message).ToArray(), promptVersion, jobs[0].Job.WorkspaceId);
    }
}
