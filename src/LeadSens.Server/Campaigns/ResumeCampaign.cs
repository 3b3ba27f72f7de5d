using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.UseCases;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Goes on with a paused campaign, with one whose stage waits for a person (used-up credits, a refused key, a used-up budget),
/// and with a faulted one from the box that faulted.</summary>
internal sealed class ResumeCampaign(Database database, JobControl jobs, RunWishes wishes, WorkflowSignal signal, CampaignViews views)
    : IUseCase<ResumeCampaign, CampaignId, CampaignView>
{
    private const string ResumeSql = """
        update campaigns set status = case when status = 'Paused' then coalesce(paused_from, 'Running') when status = 'Faulted' then 'Running' else status end,
            paused_from = null, fault = null, finished_at = null, run_wish = case when status = 'Faulted' then 'retry' else run_wish end
        where workspace_id = $2 and id = $1
        """;

    public static UseCase Declaration { get; } = new("resumeCampaign", "Go on with a campaign that is paused, waits or faulted", Permission.Work,
        Effect.Spends, "campaign.resumed");

    public async Task<Outcome<CampaignView>> RunAsync(Caller caller, CampaignId request, CancellationToken cancellationToken)
    {
        var resumed = await database.CommitAsync(connection => WriteAsync(connection, jobs, caller, request.Id, cancellationToken), cancellationToken);
        if (resumed.Refusal is { } refused) return refused;
        jobs.Wake();
        signal.Wake();
        // It is decided: whether the caller still waits does not matter any more.
        if (!await wishes.FulfilAsync(caller.WorkspaceId, request.Id, CancellationToken.None)) return CampaignRefusals.Excluded();
        return await views.AnswerAsync(caller, request.Id, cancellationToken);
    }

    internal static async Task<Outcome<Done>> WriteAsync(NpgsqlConnection connection, JobControl jobs, Caller caller, Guid id,
        CancellationToken cancellationToken)
    {
        var campaign = await CampaignLock.TakeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        if (campaign is null) return CampaignRefusals.NotFound();
        if (campaign.Status is CampaignStatus.Draft or CampaignStatus.Completed or CampaignStatus.Cancelled)
            return CampaignRefusals.WrongStatus(campaign.Status, "resumed");
        await connection.ExecuteAsync(ResumeSql, cancellationToken, id, caller.WorkspaceId);
        await jobs.ResumeAsync(connection, caller.WorkspaceId, id, cancellationToken);
        await WorkflowService.ResumeAsync(connection, campaign.InstanceId, cancellationToken);
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, Declaration.Audits!, "campaign", id), cancellationToken);
        return default(Done);
    }
}
