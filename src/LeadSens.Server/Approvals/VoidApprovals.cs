using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Part of cancelling a campaign: nobody can decide any more, no link opens anything.</summary>
internal static class VoidApprovals
{
    /// <summary>In the caller's transaction.</summary>
    public static Task<int> ExecuteAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancellationToken) =>
        connection.Sql("""
            update approvals set status = 'cancelled', decided_at = clock_now(), decided_by = 'cancel' where campaign_id = $1 and status = 'pending'
            """, campaignId).RunAsync(cancellationToken);
}
