using LeadSens.Engine;
using LeadSens.Server.Approvals;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Campaigns;

/// <summary>Ends a campaign together with its run.</summary>
internal static class RunEnded
{
    private const string Sql = """
        update campaigns set status = $3, waits_for = null, paused_from = null, run_wish = null, fault = $4::text, finished_at = now()
        where workspace_id = $1 and id = $2 and workflow_instance_id = $5 and status not in ('Completed', 'Cancelled')
        """;

    /// <summary>For <see cref="RunnerOptions.OnEnded"/>: null when the run is no campaign's.</summary>
    public static CommitWrite? Write(EndedInstance run)
    {
        if (!Guid.TryParse(run.CorrelationId, out var campaignId)) return null;
        var fault = run.SubStatus == WorkflowSubStatus.Faulted && run.Incidents is [.., var last] ? $"{last.ActivityId}: {last.Fault.Message}" : null;
        return new SqlWrite(async (connection, cancellationToken) =>
        {
            var ended = await connection.ExecuteAsync(Sql, cancellationToken, run.TenantId, campaignId, StatusOf(run.SubStatus), fault, run.InstanceId);
            // A run that was cancelled by itself, not through its campaign, leaves nothing to decide either; the workers drop its queued jobs.
            if (ended > 0 && run.SubStatus == WorkflowSubStatus.Cancelled) await VoidApprovals.ExecuteAsync(connection, run.TenantId, campaignId, cancellationToken);
        })
        {
            LockFirst = (connection, cancellationToken) => CampaignLock.TakeAsync(connection, run.TenantId, campaignId, cancellationToken),
        };
    }

    private static string StatusOf(WorkflowSubStatus subStatus) => subStatus switch
    {
        WorkflowSubStatus.Faulted => CampaignStatus.Faulted,
        WorkflowSubStatus.Cancelled => CampaignStatus.Cancelled,
        _ => CampaignStatus.Completed,
    };
}
