using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Asks the provider of leads how many people match the campaign's ICP; spends no credits. <see cref="Count"/> is capped at 1,000,000 by
/// the provider. Empty when nobody matches; faults when the provider refuses the search.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Count leads", Outcomes = ["Done", "Empty"],
    Description = "Counts the people who match the campaign's ICP, before anything is paid for.")]
public sealed class CountLeads : StageActivity
{
    [Output(Description = "People who match the ICP.")]
    public Output<long> Count { get; set; } = new();

    protected override string Kind => "campaign.count";

    protected override ActivityResult End(ActivityContext context, StageCounts counts)
    {
        var counted = StageJson.Number(counts.Result, "counted");
        context.Set(Count, counted);
        return counted == 0 ? Complete("Empty") : Done;
    }
}
