using System.Text.Json.Nodes;
using LeadSens.Activities;
using LeadSens.Engine;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Approvals;

/// <summary>The RequestApproval box's way to its approvals.</summary>
internal sealed class WorkflowApprovals(Database database, ApprovalNotices notices, ApprovalSignals signals, SuppressionKeys keys) : IApprovals
{
    public CommitWrite Open(ApprovalRequest request) => new SqlWrite(async (connection, cancellationToken) =>
    {
        var leads = await OpenApproval.ExecuteAsync(connection, request, await keys.OfAsync(connection, request.Campaign.WorkspaceId, cancellationToken), cancellationToken);
        var fact = new JsonObject { ["approvalId"] = request.ApprovalId, ["campaignId"] = request.Campaign.Id, ["leads"] = leads };
        if (leads == 0) return;
        await Outbox.AddAsync(connection, [new(request.Campaign.WorkspaceId, "ApprovalRequested", fact)], cancellationToken);
        await notices.RequestedAsync(connection, request.ApprovalId, cancellationToken);
    }, Wake)
    {
        LockFirst = (connection, cancellationToken) => CampaignLock.TakeAsync(connection, request.Campaign.WorkspaceId, request.Campaign.Id, cancellationToken),
    };

    /// <summary>Idempotent: a burst that is run again after a crash finds its own time-out.</summary>
    public Task<string> TimeOutAsync(Guid workspaceId, Guid approvalId, CancellationToken cancellationToken) =>
        Transactions.AgainAsync(() => TimeOutOnceAsync(workspaceId, approvalId, cancellationToken), cancellationToken);

    private async Task<string> TimeOutOnceAsync(Guid workspaceId, Guid approvalId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CampaignLock.TakeOfApprovalAsync(connection, workspaceId, approvalId, cancellationToken);
        var campaignId = await connection.Sql("""
            update approvals set status = 'timed_out', decided_at = clock_now(), decided_by = 'time-out' where workspace_id = $2 and id = $1 and status = 'pending' returning campaign_id
            """, approvalId, workspaceId).FirstAsync(row => row.GetGuid(0), cancellationToken);
        if (campaignId != Guid.Empty)
        {
            await CampaignProgress.GoOnAsync(connection, workspaceId, campaignId, cancellationToken);
            await notices.ExpiredAsync(connection, approvalId, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        notices.Wake();
        var status = await connection.Sql("select status from approvals where workspace_id = $2 and id = $1", approvalId, workspaceId).FirstAsync(row => row.GetString(0), cancellationToken);
        return ApprovalStatus.Outcome(status ?? ApprovalStatus.TimedOut);
    }

    public CommitWrite Remind(Guid workspaceId, Guid approvalId) => new SqlWrite(async (connection, cancellationToken) =>
    {
        var due = await connection.Sql("select campaign_id, lead_count from approvals where workspace_id = $2 and id = $1 and status = 'pending'", approvalId, workspaceId)
            .ListAsync(row => new OutboxEvent(workspaceId, "ApprovalReminderDue", new JsonObject
            {
                ["approvalId"] = approvalId,
                ["campaignId"] = row.GetGuid(0),
                ["leads"] = row.GetInt32(1),
            }), cancellationToken);
        await Outbox.AddAsync(connection, due, cancellationToken);
        if (due.Count > 0) await notices.RemindAsync(connection, approvalId, cancellationToken);
    }, Wake);

    private void Wake()
    {
        signals.Wake();
        notices.Wake();
    }
}
