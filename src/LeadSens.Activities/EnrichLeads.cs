using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Reads each qualified lead's company site through a page reader and has the small model summarise it into a typed profile;
/// what the page does not say is null or an empty list. A failed scrape leaves the lead's status as it is (<c>enrichmentStatus Failed</c>):
/// it is drafted from what sourcing returned.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Enrich leads",
    Description = "Reads the company's site and summarises it. A site that cannot be read holds nobody up.")]
public sealed class EnrichLeads : StageActivity
{
    [Input(DisplayName = "Longest text", Description = "Characters of the page that are summarised, 500 to 20,000.", Order = 1)]
    public Input<int> MaxCharacters { get; set; } = new(5000);

    protected override string Kind => "lead.enrich";

    protected override bool GoesOnWithout(StageCounts counts) => true;

    protected override JsonObject Parameters(ActivityContext context) =>
        new() { ["maxCharacters"] = Math.Clamp(context.Get(MaxCharacters), 500, 20_000) };
}
