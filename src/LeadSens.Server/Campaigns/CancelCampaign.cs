using LeadSens.Server.Approvals;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Ends a campaign for good: approvals and queued jobs are void in one transaction; pushes in flight are still reconciled and
/// receipted.</summary>
internal sealed class CancelCampaign(Database database, JobControl jobs, RunWishes wishes, CampaignViews views)
    : IUseCase<CancelCampaign, CampaignId, CampaignView>
{
    private const string CancelSql = """
        update campaigns set status = 'Cancelled', paused_from = null, waits_for = null, finished_at = now(), run_wish = 'cancel'
        where workspace_id = $2 and id = $1
        """;

    public static UseCase Declaration { get; } = new("cancelCampaign", "End a campaign for good", Permission.Work, Effect.Changes, "campaign.cancelled");

    public async Task<Outcome<CampaignView>> RunAsync(Caller caller, CampaignId request, CancellationToken cancellationToken)
    {
        var cancelled = await database.CommitAsync(connection => WriteAsync(connection, jobs, caller, request.Id, cancellationToken), cancellationToken);
        if (cancelled.Refusal is { } refused) return refused;
        // It is decided: whether the caller still waits does not matter any more.
        await wishes.FulfilAsync(caller.WorkspaceId, request.Id, CancellationToken.None);
        return await views.AnswerAsync(caller, request.Id, cancellationToken);
    }

    internal static async Task<Outcome<Done>> WriteAsync(NpgsqlConnection connection, JobControl jobs, Caller caller, Guid id,
        CancellationToken cancellationToken)
    {
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return CampaignRefusals.NotFound();
        if (campaign.Status is CampaignStatus.Completed or CampaignStatus.Cancelled) return CampaignRefusals.WrongStatus(campaign.Status, "cancelled");
        await connection.ExecuteAsync(CancelSql, cancellationToken, id, caller.WorkspaceId);
        await jobs.CancelAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await VoidApprovals.ExecuteAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, Declaration.Audits!, "campaign", id), cancellationToken);
        return default(Done);
    }
}
