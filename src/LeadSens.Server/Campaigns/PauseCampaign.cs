using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>Stops claims and bursts. Results in flight are stored, stimuli wait.</summary>
internal static class PauseCampaign
{
    private const string PauseSql = "update campaigns set paused_from = status, status = 'Paused' where workspace_id = $2 and id = $1";

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, Database database, JobControl jobs, CampaignViews views, CancellationToken cancellationToken) =>
        await Transactions.AgainAsync(() => WriteAsync(id, caller, database, jobs, cancellationToken), cancellationToken) is { } refused
            ? refused
            : TypedResults.Ok((await views.GetAsync(caller.WorkspaceId, id, cancellationToken))!);

    internal static async Task<ProblemHttpResult?> WriteAsync(Guid id, WorkspaceContext caller, Database database, JobControl jobs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return CampaignProblems.NotFound();
        if (campaign.Status is not (CampaignStatus.Running or CampaignStatus.AwaitingApproval)) return CampaignProblems.WrongStatus(campaign.Status, "paused");
        await connection.ExecuteAsync(PauseSql, cancellationToken, id, caller.WorkspaceId);
        await jobs.PauseAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await WorkflowService.PauseAsync(connection, campaign.InstanceId, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, "campaign.paused", "campaign", id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
