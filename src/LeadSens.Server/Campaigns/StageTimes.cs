using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>How long a campaign's stages took so far, from their batches; a stage that a loop ran twice counts both.</summary>
internal static class StageTimes
{
    private const string Sql = """
        select stage, sum(seconds) from (
            select split_part(kind, '.', 2) as stage, extract(epoch from coalesce(completed_at, clock_now()) - created_at)::float8 as seconds
            from batches where workspace_id = $1 and campaign_id = $2
            union all
            select kept.key, kept.value::float8 from campaigns, jsonb_each_text(kept_seconds) kept where workspace_id = $1 and id = $2) stages
        group by 1
        union all
        select 'approval', extract(epoch from sum(coalesce(decided_at, clock_now()) - created_at))::float8
        from approvals where workspace_id = $1 and campaign_id = $2 having count(*) > 0
        union all
        select 'total', extract(epoch from coalesce(finished_at, now()) - started_at)::float8
        from campaigns where workspace_id = $1 and id = $2 and started_at is not null
        """;

    public static async Task<IReadOnlyDictionary<string, double>> ReadAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        var times = await connection.ListAsync(Sql, row => (Stage: row.GetString(0), Seconds: row.GetDouble(1)), cancellationToken, workspaceId, campaignId);
        return times.ToDictionary(time => time.Stage, time => Math.Round(time.Seconds, 3));
    }
}
