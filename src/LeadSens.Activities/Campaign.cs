using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Which campaign a box works on: its input, else the run's correlation id.</summary>
internal static class Campaign
{
    public static bool TryGetId(ActivityContext context, Input<string?> input, out Guid campaignId) =>
        Guid.TryParse(context.Get(input), out campaignId) || Guid.TryParse(context.CorrelationId, out campaignId);

    public static ActivityResult Missing() =>
        new ActivityResult.Faulted(new("campaign_missing", "The box has no campaign: give it one, or start the run with the campaign's id as correlation id."));
}
