using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>Starts a draft.</summary>
internal static class StartCampaign
{
    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, CampaignStart start, CampaignViews views, CancellationToken cancellationToken)
    {
        var view = await views.GetAsync(caller.WorkspaceId, id, cancellationToken);
        if (view is null) return CampaignProblems.NotFound();
        var errors = new FieldErrors();
        await start.CheckWorkflowAsync(caller.WorkspaceId, view.Workflow, errors, cancellationToken);
        if (errors.Any) return Problems.Validation(errors.ByField);
        if (!await start.StartAsync(caller, id, cancellationToken)) return CampaignProblems.WrongStatus(view.Status, "started");
        return TypedResults.Ok((await views.GetAsync(caller.WorkspaceId, id, cancellationToken))!);
    }
}
