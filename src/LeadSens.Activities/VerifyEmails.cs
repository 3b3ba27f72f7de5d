using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Judges each qualified lead's address by the verification status that its source gave it: <c>Verified</c>, <c>NotVerified</c>
/// or <c>NeedsReview</c>. Only verified leads are drafted and sent to; the others keep the reason for being left out.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Verify e-mails",
    Description = "Decides whom the campaign may write to. Leads that are not verified are left out, with the reason.")]
public sealed class VerifyEmails : Activity
{
    [Input(DisplayName = "Campaign", Description = "Id of the campaign; the run's correlation id where this is empty.", Order = 100)]
    public Input<string?> CampaignId { get; set; } = new();

    [Output(Description = "Addresses that may be written to.")]
    public Output<long> Verified { get; set; } = new();

    [Output(Description = "Addresses that do not exist.")]
    public Output<long> NotVerified { get; set; } = new();

    [Output(Description = "Addresses that a person must look at.")]
    public Output<long> NeedsReview { get; set; } = new();

    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var (campaign, refusal) = await RunCampaign.FindAsync(context, CampaignId);
        if (campaign is null) return refusal!;
        var plan = await context.Service<ILeadRules>().VerifyAsync(campaign, context.CancellationToken);
        context.Enlist(plan.Write);
        context.Set(Verified, plan.Verified);
        context.Set(NotVerified, plan.NotVerified);
        context.Set(NeedsReview, plan.NeedsReview);
        return Done;
    }
}
