using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Creates the Instantly campaign with the three-step sequence and adds exactly the approved leads to it, up to 1,000 per call.
/// Each lead is checked once more just before (content as approved, verified, not suppressed, not pushed elsewhere) and ends as pushed,
/// with a receipt, or as refused, with the reason. Safe to run again after any interruption: nothing is added twice.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Push to Instantly",
    Description = "Creates the campaign at Instantly and adds the approved leads, each exactly once.")]
public sealed class PushToInstantly : StageActivity
{
    [Output(Description = "Leads that are in the Instantly campaign now.")]
    public Output<long> Pushed { get; set; } = new();

    [Output(Description = "Leads that were refused; each says why.")]
    public Output<long> Refused { get; set; } = new();

    protected override string Kind => "campaign.push";

    protected override ActivityResult End(ActivityContext context, StageCounts counts)
    {
        context.Set(Pushed, StageJson.Number(counts.Result, "pushed"));
        context.Set(Refused, StageJson.Number(counts.Result, "refused"));
        return Done;
    }
}
