using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Scoring;

/// <summary>The statements of <see cref="ScoreHandler"/>.</summary>
internal static class ScoreSql
{
    public const string Icps = "select id, icp from campaigns where id = any($1) and workspace_id = $2";

    public static readonly string Leads = $"""
        select l.id, l.campaign_id, {LeadFacts.Columns} from leads l
        where l.id = any($1) and {SqlText.Check("l.workspace_id = $2")} and {LeadMoves.Score.Takes("l")}
        """;

    private static readonly string Write = $"""
        update leads l set {LeadMoves.Score.Set()}, failure = null, failed_from = null, score = s.score, score_band = s.band, score_breakdown = s.breakdown::jsonb,
            score_reason = s.reason, updated_at = now()
        from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[]) as s (id, score, band, breakdown, reason)
        where l.id = s.id and {SqlText.Check("l.workspace_id = $6")} and {LeadMoves.Score.Takes("l")}
        """;

    public static async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<LeadScore>> ended, CancellationToken cancellationToken)
    {
        var scored = ended.Where(job => job.Result is not null).ToList();
        if (scored.Count > 0)
        {
            await connection.ExecuteAsync(Write, cancellationToken,
                scored.Select(job => job.Job.LeadId!.Value).ToArray(), scored.Select(job => job.Result!.Score).ToArray(), scored.Select(job => job.Result!.Band).ToArray(),
                scored.Select(job => Breakdown(job.Result!)).ToArray(), scored.Select(job => job.Result!.Reason.Trim()).ToArray(), scored[0].Job.WorkspaceId);
        }

        await LeadFailures.SaveAsync(connection, ended[0].Job.WorkspaceId, ended.Where(job => job.Failure is not null).Select(job => (job.Job.LeadId!.Value, job.Failure!)).ToList(), cancellationToken);
    }

    private static string Breakdown(LeadScore score) => JsonSerializer.Serialize(
        new ScoreBreakdown(score.JobTitleFit, score.CompanyFit, score.IndustryRelevance, score.LocationFit), LeadJson.Default.ScoreBreakdown);
}
