using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Campaigns;

/// <summary>Starts a draft.</summary>
internal sealed class StartCampaign(Database database, CampaignStart start, CampaignViews views) : IUseCase<StartCampaign, CampaignId, CampaignView>
{
    public static UseCase Declaration { get; } = new("startCampaign", "Start a draft", Permission.Work, Effect.Spends, "campaign.started");

    public async Task<Outcome<CampaignView>> RunAsync(Caller caller, CampaignId request, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(caller.WorkspaceId, request.Id, cancellationToken);
        if (view is null) return CampaignRefusals.NotFound();
        var errors = new FieldErrors();
        await start.CheckWorkflowAsync(caller.WorkspaceId, view.Workflow, errors, cancellationToken);
        if (errors.Any && !Once.WasDone) return Refusal.Invalid(errors);
        var begun = await database.CommitAsync<Done>(async connection =>
            await start.BeginAsync(connection, caller, request.Id, cancellationToken)
                ? default(Done) : CampaignRefusals.WrongStatus(view.Status, "started"), cancellationToken);
        if (begun.Refusal is { } refused) return refused;
        await start.RunAsync(caller.WorkspaceId, request.Id, cancellationToken);
        return await views.AnswerAsync(caller, request.Id, cancellationToken);
    }
}
