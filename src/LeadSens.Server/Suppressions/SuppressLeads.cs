using LeadSens.Server.Data;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Suppressions;

/// <summary>Takes leads that are on the list out of a campaign, all of them with one statement, in the caller's transaction.</summary>
internal static class SuppressLeads
{
    private static readonly string Sql = $"""
        with judged as materialized (
            select c.id, {SuppressionSql.Holding("c.workspace_id", "c.email_key", "$3", "$4")} as held from leads c
            where c.workspace_id = $1 and c.campaign_id = $2 and {LeadMoves.Suppress.Takes("c")} and c.email_key is not null)
        update leads l set {LeadMoves.Suppress.Set()}, exclusion_reason = 'On the suppression list: ' || j.held || '.', updated_at = clock_now()
        from judged j where l.id = j.id and j.held is not null and {SqlText.Check(LeadMoves.Suppress.Takes("l"))}
        """;

    public static Task<int> ExecuteAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, SuppressionKey key, CancellationToken cancellationToken) =>
        connection.Sql(Sql, workspaceId, campaignId, key.Inner, key.Outer).RunAsync(cancellationToken);
}
