using LeadSens.Server.Approvals;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Ends a campaign for good: approvals and queued jobs are void in one transaction; pushes in flight are still reconciled and
/// receipted.</summary>
internal static class CancelCampaign
{
    private const string CancelSql = "update campaigns set status = 'Cancelled', paused_from = null, waits_for = null, finished_at = now() where id = $1";

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, Database database, JobControl jobs, WorkflowService workflows, CampaignViews views, CancellationToken cancellationToken)
    {
        var (instance, refusal) = await CancelAsync(database, caller, id, jobs, cancellationToken);
        if (refusal is not null) return refusal;
        await workflows.CancelAsync(instance, "The campaign was cancelled.", cancellationToken);
        return TypedResults.Ok((await views.GetAsync(caller.WorkspaceId, id, cancellationToken))!);
    }

    private static async Task<(Guid Instance, ProblemHttpResult? Refusal)> CancelAsync(Database database, WorkspaceContext caller, Guid id, JobControl jobs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return (default, CampaignProblems.NotFound());
        if (campaign.Status is CampaignStatus.Completed or CampaignStatus.Cancelled) return (default, CampaignProblems.WrongStatus(campaign.Status, "cancelled"));
        await connection.ExecuteAsync(CancelSql, cancellationToken, id);
        await VoidApprovals.ExecuteAsync(connection, id, cancellationToken);
        await jobs.CancelAsync(connection, id, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, "campaign.cancelled", "campaign", id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (campaign.InstanceId, null);
    }
}
