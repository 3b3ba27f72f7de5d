using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Suppressions;

/// <summary>Takes leads that are on the list out of a campaign, all of them with one statement, in the caller's transaction.</summary>
internal static class SuppressLeads
{
    /// <summary>Those that were written to already keep their status: what was done stays done.</summary>
    private static readonly string Sql = $"""
        update leads l set status = 'Suppressed', exclusion_reason = 'On the suppression list: ' || j.held || '.', updated_at = clock_now()
        from (select c.id, {SuppressionSql.Holding("c.workspace_id", "c.email_key", "$4", "$5")} as held from leads c
              where c.workspace_id = $1 and c.campaign_id = $2 and c.status = any($3) and c.email_key is not null) j
        where l.id = j.id and j.held is not null
        """;

    public static Task<int> ExecuteAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid campaignId, SuppressionKey key, string[] statuses, CancellationToken cancellationToken) =>
        connection.Sql(Sql, workspaceId, campaignId, statuses, key.Inner, key.Outer).RunAsync(cancellationToken);
}
