using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Drafting;

/// <summary>Stores sequences: all e-mails of all leads in one statement.</summary>
internal static class DraftSql
{
    private static readonly string Write = $"""
        with written as (
            select d.*, l.workspace_id, l.campaign_id
            from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[]) as d (lead_id, step, subject, body, language, flags)
            join leads l on l.id = d.lead_id and {SqlText.Check("l.workspace_id = $8")} and {LeadMoves.Draft.Takes("l")}
        ), marked as (
            update leads l set {LeadMoves.Draft.Set()}, changes_requested = null, failure = null, failed_from = null,
                drafted_at = coalesce(l.drafted_at, now()), updated_at = now()
            from (select distinct lead_id, workspace_id from written) w where l.id = w.lead_id and l.workspace_id = w.workspace_id and {LeadMoves.Draft.Takes("l")}
        )
        insert into drafts (lead_id, step, workspace_id, campaign_id, subject, body, language, prompt_version, flags, created_at)
        select lead_id, step, workspace_id, campaign_id, subject, body, language, $7, string_to_array(flags, ','), now() from written
        on conflict (lead_id, step) do update set subject = excluded.subject, body = excluded.body, original_subject = null, original_body = null,
            language = excluded.language, prompt_version = excluded.prompt_version, flags = excluded.flags, created_at = excluded.created_at
        """;

    /// <summary>Tells the box that leads are approved already, should every job fail.</summary>
    private const string NoteApproved = """
        update batches set result = result || jsonb_build_object('approved', (select count(*) from leads where workspace_id = $3 and campaign_id = $2 and status = 'Approved'))
        where id = $1 and workspace_id = $3
        """;

    public static async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<DraftedSequence>> ended, CancellationToken cancellationToken)
    {
        var mails = ended.Where(job => job.Result is not null)
            .SelectMany(job => job.Result!.Drafts.Select((draft, i) => (Job: job.Job, Step: i + 1, job.Result.Language, Draft: draft))).ToList();
        if (mails.Count > 0)
        {
            await connection.ExecuteAsync(Write, cancellationToken,
                mails.Select(mail => mail.Job.LeadId!.Value).ToArray(), mails.Select(mail => mail.Step).ToArray(), mails.Select(mail => mail.Draft.Subject).ToArray(),
                mails.Select(mail => mail.Draft.Body).ToArray(), mails.Select(mail => mail.Language).ToArray(), mails.Select(mail => string.Join(',', mail.Draft.Flags)).ToArray(),
                DraftWriter.Prompt.Version, mails[0].Job.WorkspaceId);
        }

        foreach (var batch in mails.Where(mail => mail.Draft.Flags.Count > 0).GroupBy(mail => mail.Job.BatchId))
            await BatchResult.AddAsync(connection, batch.Key, new JsonObject { ["flagged"] = batch.Count() }, cancellationToken);
        foreach (var batch in ended.Where(job => job.Failure is not null).Select(job => (job.Job.BatchId, CampaignId: job.Job.RequireCampaign(), job.Job.WorkspaceId)).Distinct())
            await connection.ExecuteAsync(NoteApproved, cancellationToken, batch.BatchId, batch.CampaignId, batch.WorkspaceId);
        await LeadFailures.SaveAsync(connection, ended[0].Job.WorkspaceId, ended.Where(job => job.Failure is not null).Select(job => (job.Job.LeadId!.Value, job.Failure!)).ToList(), cancellationToken);
    }
}
