using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Starts the sending of the pushed campaign, once. Does nothing where no lead was pushed.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Activate campaign",
    Description = "Starts the sending of the campaign at the provider, exactly once.")]
public sealed class ActivateCampaign : StageActivity
{
    protected override string Kind => "campaign.activate";
}
