using LeadSens.Server.Approvals;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>Ends a campaign for good: approvals and queued jobs are void in one transaction; pushes in flight are still reconciled and
/// receipted.</summary>
internal static class CancelCampaign
{
    private const string CancelSql = """
        update campaigns set status = 'Cancelled', paused_from = null, waits_for = null, finished_at = now(), run_wish = 'cancel'
        where workspace_id = $2 and id = $1
        """;

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, Database database, JobControl jobs, RunWishes wishes, CampaignViews views, CancellationToken cancellationToken)
    {
        if (await Transactions.AgainAsync(() => WriteAsync(id, caller, database, jobs, cancellationToken), cancellationToken) is { } refused) return refused;
        // It is decided: whether the caller still waits does not matter any more.
        await wishes.FulfilAsync(caller.WorkspaceId, id, CancellationToken.None);
        return TypedResults.Ok((await views.GetAsync(caller.WorkspaceId, id, cancellationToken))!);
    }

    internal static async Task<ProblemHttpResult?> WriteAsync(Guid id, WorkspaceContext caller, Database database, JobControl jobs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return CampaignProblems.NotFound();
        if (campaign.Status is CampaignStatus.Completed or CampaignStatus.Cancelled) return CampaignProblems.WrongStatus(campaign.Status, "cancelled");
        await connection.ExecuteAsync(CancelSql, cancellationToken, id, caller.WorkspaceId);
        await jobs.CancelAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await VoidApprovals.ExecuteAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, "campaign.cancelled", "campaign", id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
