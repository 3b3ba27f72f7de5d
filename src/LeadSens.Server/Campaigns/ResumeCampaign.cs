using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Goes on with a paused campaign, with one whose stage waits for a person (used-up credits, a refused key, a used-up budget),
/// and with a faulted one from the box that faulted.</summary>
internal static class ResumeCampaign
{
    private const string ResumeSql = """
        update campaigns set status = case when status = 'Paused' then coalesce(paused_from, 'Running') when status = 'Faulted' then 'Running' else status end,
            paused_from = null, fault = null, finished_at = null
        where id = $1
        """;

    private const string ExcludedSql = """
        update campaigns set status = 'Faulted', fault = 'Another run of its workflow has not ended.', finished_at = now() where id = $1 and status = 'Running'
        """;

    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, Database database, JobControl jobs, WorkflowService workflows, WorkflowSignal signal, CampaignViews views, CancellationToken cancellationToken)
    {
        var (campaign, refusal) = await ResumeAsync(database, caller, id, jobs, cancellationToken);
        if (refusal is not null) return refusal;
        jobs.Wake();
        signal.Wake();
        if (campaign!.Status == CampaignStatus.Faulted && await workflows.RetryAsync(campaign.InstanceId, null, cancellationToken) == RetryOutcome.Excluded)
        {
            await database.ExecuteAsync(ExcludedSql, cancellationToken, id);
            return CampaignProblems.Excluded();
        }
        return TypedResults.Ok((await views.GetAsync(caller.WorkspaceId, id, cancellationToken))!);
    }

    /// <summary>The campaign as it was before.</summary>
    private static async Task<(LockedCampaign? Campaign, ProblemHttpResult? Refusal)> ResumeAsync(Database database, WorkspaceContext caller, Guid id, JobControl jobs, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return (null, CampaignProblems.NotFound());
        if (campaign.Status is CampaignStatus.Draft or CampaignStatus.Completed or CampaignStatus.Cancelled) return (null, CampaignProblems.WrongStatus(campaign.Status, "resumed"));
        await connection.ExecuteAsync(ResumeSql, cancellationToken, id);
        await jobs.ResumeAsync(connection, id, cancellationToken);
        await WorkflowService.ResumeAsync(connection, campaign.InstanceId, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, "campaign.resumed", "campaign", id), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (campaign, null);
    }
}
