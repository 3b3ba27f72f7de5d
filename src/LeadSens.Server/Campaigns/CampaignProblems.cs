using LeadSens.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

internal static class CampaignProblems
{
    public static ProblemHttpResult NotFound() => Problems.NotFound("campaign_not_found");

    /// <summary>The status does not allow what was asked for.</summary>
    public static ProblemHttpResult WrongStatus(string status, string wanted) =>
        Problems.Conflict("campaign_status_conflict", $"The campaign is {status}; it can be {wanted} only from another status.");
}
