using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>A box that works on a campaign's leads through a batch of jobs. One failing lead never fails the box.</summary>
public abstract class StageActivity : BatchActivity
{
    [Input(DisplayName = "Campaign", Description = "Id of the campaign; the run's correlation id where this is empty.", Order = 100)]
    public Input<string?> CampaignId { get; set; } = new();

    protected sealed override async ValueTask<ActivityResult> BeginAsync(ActivityContext context)
    {
        var (campaign, refusal) = await RunCampaign.FindAsync(context, CampaignId);
        return campaign is null ? refusal! : Open(context, campaign);
    }
}
