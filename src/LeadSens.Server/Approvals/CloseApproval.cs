using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Ends an approval: its status, the run's stimulus and the fact for whoever listens, in the caller's transaction.</summary>
internal static class CloseApproval
{
    /// <summary>A round without a lead: decided by what the earlier rounds left.</summary>
    public static async Task EmptyAsync(NpgsqlConnection connection, Guid workspaceId, Guid approvalId, CancellationToken cancellationToken)
    {
        await connection.Sql("update approvals set decided_at = clock_now(), decided_by = 'system', comment = 'No lead was left to decide.' where workspace_id = $1 and id = $2", workspaceId, approvalId)
            .RunAsync(cancellationToken);
        await DecideAsync(connection, workspaceId, approvalId, cancellationToken);
    }

    /// <summary>Sets the status that the leads' decisions give. ChangesRequested while any lead is open, else Approved if at least one is.</summary>
    public static async Task<DecisionResult.Decided> DecideAsync(NpgsqlConnection connection, Guid workspaceId, Guid approvalId, CancellationToken cancellationToken)
    {
        var closed = await connection.Sql($"""
            with counts as (
                select count(*) filter (where decision = 'approve') as approved, count(*) filter (where decision = 'reject') as rejected,
                       count(*) filter (where decision = 'requestChanges') as open,
                       {ContentHash.OfSet("coalesce(decided_hash, content_hash)", "lead_id")} as hash
                from approval_leads where approval_id = $1)
            update approvals a set decided_hash = hash, status = case
                when open > 0 then 'changes_requested'
                when (select true from leads l
                    where l.workspace_id = a.workspace_id and l.campaign_id = a.campaign_id and l.status = 'Approved' limit 1) then 'approved'
                else 'rejected' end
            from counts where workspace_id = $2 and id = $1
            returning campaign_id, status, approved, rejected, open
            """, approvalId, workspaceId).FirstAsync(row => new
            {
                Campaign = row.GetGuid(0),
                Result = new DecisionResult.Decided(row.GetString(1), (int)row.GetInt64(2), (int)row.GetInt64(3), (int)row.GetInt64(4)),
            }, cancellationToken);
        await TellAsync(connection, workspaceId, closed!.Campaign, approvalId, closed.Result, cancellationToken);
        return closed.Result;
    }

    private static async Task TellAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid campaignId, Guid approvalId, DecisionResult.Decided result, CancellationToken cancellationToken)
    {
        var payload = new JsonObject
        {
            ["outcome"] = ApprovalStatus.Outcome(result.Status),
            ["approved"] = result.Approved,
            ["rejected"] = result.Rejected,
            ["open"] = result.Open,
        };
        var fact = new JsonObject { ["approvalId"] = approvalId, ["campaignId"] = campaignId, ["decision"] = payload.DeepClone() };
        await CampaignProgress.GoOnAsync(connection, workspaceId, campaignId, cancellationToken);
        await Outbox.AddAsync(connection, [new(workspaceId, "ApprovalDecided", fact)], cancellationToken);
        var key = $"approval:{approvalId}";
        await Stimuli.SendAsync(connection, [new Stimulus(key, key, Payload: payload)], cancellationToken);
    }
}
