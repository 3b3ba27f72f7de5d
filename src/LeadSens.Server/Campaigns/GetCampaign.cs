using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>One campaign with its live figures.</summary>
internal static class GetCampaign
{
    public static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> HandleAsync(Guid id, WorkspaceContext caller, CampaignViews views, CancellationToken cancellationToken) =>
        await views.GetAsync(caller.WorkspaceId, id, cancellationToken) is { } view ? TypedResults.Ok(view) : CampaignProblems.NotFound();
}
