using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>Goes on with a paused campaign, with one whose stage waits for a person (used-up credits, a refused key, a used-up budget),
/// and with a faulted one from the box that faulted.</summary>
internal static class ResumeCampaign
{
    private const string ResumeSql = """
        update campaigns set status = case when status = 'Paused' then coalesce(paused_from, 'Running') when status = 'Faulted' then 'Running' else status end,
            paused_from = null, fault = null, finished_at = null, run_wish = case when status = 'Faulted' then 'retry' else run_wish end
        where workspace_id = $2 and id = $1
        """;

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, Database database, JobControl jobs, RunWishes wishes, WorkflowSignal signal, CampaignViews views, CancellationToken cancellationToken)
    {
        if (await Transactions.AgainAsync(() => WriteAsync(id, caller, database, jobs, cancellationToken), cancellationToken) is { } refused) return refused;
        jobs.Wake();
        signal.Wake();
        // It is decided: whether the caller still waits does not matter any more.
        if (!await wishes.FulfilAsync(caller.WorkspaceId, id, CancellationToken.None)) return CampaignProblems.Excluded();
        return TypedResults.Ok((await views.GetAsync(caller.WorkspaceId, id, cancellationToken))!);
    }

    internal static async Task<ProblemHttpResult?> WriteAsync(Guid id, WorkspaceContext caller, Database database, JobControl jobs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return CampaignProblems.NotFound();
        if (campaign.Status is CampaignStatus.Draft or CampaignStatus.Completed or CampaignStatus.Cancelled) return CampaignProblems.WrongStatus(campaign.Status, "resumed");
        await connection.ExecuteAsync(ResumeSql, cancellationToken, id, caller.WorkspaceId);
        await jobs.ResumeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await WorkflowService.ResumeAsync(connection, campaign.InstanceId, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, "campaign.resumed", "campaign", id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
