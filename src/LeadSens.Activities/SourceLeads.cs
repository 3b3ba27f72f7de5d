using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Buys the campaign's leads (once, whatever happens: an intent with look-up and receipt), waits for the
/// provider to fill the list, and stores the leads with status <c>Sourced</c>. Empty when the list holds nobody. A list that is not
/// filled in its time is read as far as it is; it faults when nothing is in it.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Source leads", Outcomes = ["Done", "Empty"],
    Description = "Buys the leads that match the ICP and stores them. Spends credits, exactly once.")]
public sealed class SourceLeads : StageActivity
{
    [Input(Description = "The most leads to buy, 1 to 1,000,000; the campaign's own limit where this is empty.", Order = 1)]
    public Input<int?> Limit { get; set; } = new();

    [Output(Description = "Leads that were stored.")]
    public Output<long> Sourced { get; set; } = new();

    [Output(Description = "What to know about a list that was not filled in its time; empty where it was.")]
    public Output<string?> Unfilled { get; set; } = new();

    protected override string Kind => "campaign.source";

    protected override JsonObject Parameters(ActivityContext context) => new() { ["limit"] = context.Get(Limit) };

    protected override ActivityResult End(ActivityContext context, StageCounts counts)
    {
        var sourced = StageJson.Number(counts.Result, "sourced");
        context.Set(Sourced, sourced);
        context.Set(Unfilled, (string?)counts.Result?["unfilled"]);
        return sourced == 0 ? Complete("Empty") : Done;
    }
}
