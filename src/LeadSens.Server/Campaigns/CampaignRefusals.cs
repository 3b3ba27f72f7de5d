using LeadSens.Server.UseCases;

namespace LeadSens.Server.Campaigns;

internal static class CampaignRefusals
{
    public static Refusal NotFound() => Refusal.NotFound("campaign_not_found");

    /// <summary>The workflow allows one run at a time, and there is another.</summary>
    public static Refusal Excluded() =>
        Refusal.Conflict("workflow_run_excluded",
            "Another run of the campaign's workflow has not ended, and the workflow allows one at a time. Resume the campaign when that has ended.");

    /// <summary>The status does not allow what was asked for.</summary>
    public static Refusal WrongStatus(string status, string wanted) =>
        Refusal.Conflict("campaign_status_conflict", $"The campaign is {status}; it can be {wanted} only from another status.");
}
