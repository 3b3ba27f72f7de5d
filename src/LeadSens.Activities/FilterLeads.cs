using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Keeps the scored leads at <see cref="Threshold"/> or more as <c>Qualified</c>; those below become <c>Skipped</c> with the reason.
/// NoneQualified when nobody is left.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Filter leads", Outcomes = ["Qualified", "NoneQualified"],
    Description = "Keeps the leads whose score reaches the threshold.")]
public sealed class FilterLeads : Activity
{
    [Input(Description = "The lowest score that stays, 1 to 10.", Order = 1)]
    public Input<int?> Threshold { get; set; } = new(5);

    [Input(DisplayName = "Campaign", Description = "Id of the campaign; the run's correlation id where this is empty.", Order = 100)]
    public Input<string?> CampaignId { get; set; } = new();

    [Output(Description = "Leads that stay.")]
    public Output<long> Qualified { get; set; } = new();

    [Output(Description = "Leads below the threshold.")]
    public Output<long> Skipped { get; set; } = new();

    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var (campaign, refusal) = await RunCampaign.FindAsync(context, CampaignId);
        if (campaign is null) return refusal!;
        var threshold = context.Get(Threshold) ?? 5;
        if (threshold is < 1 or > 10) return Fault("threshold_invalid", $"The threshold is {threshold}; it must be 1 to 10.");
        var plan = await context.Service<ILeadRules>().FilterAsync(campaign, threshold, context.CancellationToken);
        context.Enlist(plan.Write);
        context.Set(Qualified, plan.Qualified);
        context.Set(Skipped, plan.Skipped);
        return Complete(plan.Qualified == 0 ? "NoneQualified" : "Qualified");
    }
}
