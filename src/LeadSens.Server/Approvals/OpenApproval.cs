using LeadSens.Activities;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Asks for a round, in the transaction of the burst that asks.</summary>
internal static class OpenApproval
{
    /// <summary>Leads that this box has not decided: those that another box approved, and, unless it only confirms, drafted ones.</summary>
    private static readonly string Insert = $"""
        with shown as (
            select l.id as lead_id, {ContentHash.OfLead("l")} as hash
            from leads l
            where l.campaign_id = $3 and l.workspace_id = $2 and exists (select from campaigns c where c.workspace_id = $2 and c.id = $3 and c.status <> 'Cancelled') and l.verification_status = 'Verified'
              and exists (select from drafts d where d.lead_id = l.id and d.workspace_id = $2)
              and (l.status = 'Drafted' and not $9 or l.status = 'Approved' and not exists (
                select from approval_leads al join approvals a on a.id = al.approval_id
                where al.lead_id = l.id and a.workspace_id = $2 and al.decision = 'approve' and a.status <> 'pending' and a.instance_id = $4 and a.node_id = $5))),
        approval as (
            insert into approvals (id, workspace_id, campaign_id, instance_id, node_id, round, status, content_hash, lead_count, roles, not_by, by_somebody_else, requester, expires_at, created_at)
            select $1, $2, $3, $4, $5, (select count(*) + 1 from approvals where workspace_id = $2 and instance_id = $4 and node_id = $5), 'pending',
                {ContentHash.OfSet("hash", "lead_id")}, count(*), $7, $8, $9, case when $10 then (select started_by from campaigns where workspace_id = $2 and id = $3) end, clock_now() + $6, clock_now()
            from shown
            returning lead_count),
        leads as (insert into approval_leads (approval_id, workspace_id, lead_id, content_hash) select $1, $2, lead_id, hash from shown)
        select lead_count from approval
        """;

    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, ApprovalRequest request, SuppressionKey key, CancellationToken cancellationToken)
    {
        await SuppressLeads.ExecuteAsync(connection, request.Campaign.WorkspaceId, request.Campaign.Id, key, cancellationToken);
        var leads = await connection.Sql(Insert, request.ApprovalId, request.Campaign.WorkspaceId, request.Campaign.Id, request.InstanceId, request.NodeId,
            request.TimeOut, request.Roles.ToArray(), request.NotBy, request.BySomebodyElse, request.NotByRequester).FirstAsync(row => row.GetInt32(0), cancellationToken);
        if (leads == 0) await CloseApproval.EmptyAsync(connection, request.Campaign.WorkspaceId, request.ApprovalId, cancellationToken);
        else await CampaignProgress.AwaitApprovalAsync(connection, request.Campaign.WorkspaceId, request.Campaign.Id, $"approval of {leads} leads", cancellationToken);
        return leads;
    }
}
