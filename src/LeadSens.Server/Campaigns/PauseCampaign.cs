using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Stops claims and bursts. Results in flight are stored, stimuli wait.</summary>
internal sealed class PauseCampaign(Database database, JobControl jobs, CampaignViews views) : IUseCase<PauseCampaign, CampaignId, CampaignView>
{
    private const string PauseSql = "update campaigns set paused_from = status, status = 'Paused' where workspace_id = $2 and id = $1";

    public static UseCase Declaration { get; } = new("pauseCampaign", "Pause a campaign", Permission.Work, Effect.Changes, "campaign.paused");

    public async Task<Outcome<CampaignView>> RunAsync(Caller caller, CampaignId request, CancellationToken cancellationToken)
    {
        var paused = await database.CommitAsync(connection => WriteAsync(connection, jobs, caller, request.Id, cancellationToken), cancellationToken);
        return paused.Refusal ?? await views.AnswerAsync(caller, request.Id, cancellationToken);
    }

    internal static async Task<Outcome<Done>> WriteAsync(NpgsqlConnection connection, JobControl jobs, Caller caller, Guid id,
        CancellationToken cancellationToken)
    {
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return CampaignRefusals.NotFound();
        if (campaign.Status is not (CampaignStatus.Running or CampaignStatus.AwaitingApproval)) return CampaignRefusals.WrongStatus(campaign.Status, "paused");
        await connection.ExecuteAsync(PauseSql, cancellationToken, id, caller.WorkspaceId);
        await jobs.PauseAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await WorkflowService.PauseAsync(connection, campaign.InstanceId, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, Declaration.Audits!, "campaign", id), cancellationToken);
        return default(Done);
    }
}
