using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Part of cancelling a campaign: nobody can decide any more, no link opens anything.</summary>
internal static class VoidApprovals
{
    /// <summary>In the caller's transaction.</summary>
    public static Task<int> ExecuteAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, CancellationToken cancellationToken) =>
        connection.Sql("""
            with forgotten as (delete from approval_choices ch using approvals a where ch.workspace_id = $2 and a.id = ch.approval_id and a.campaign_id = $1)
            update approvals set status = 'cancelled', decided_at = clock_now(), decided_by = 'cancel' 
            where workspace_id = $2 and campaign_id = $1 and status = 'pending'
            """, campaignId, workspaceId).RunAsync(cancellationToken);
}
