using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Sets aside leads whom the workspace already works on or has in its CRM (by e-mail) as <c>Duplicate</c>, and
/// those on the suppression list (address or domain) as <c>Suppressed</c>, each with the reason.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Check duplicates",
    Description = "Sets aside leads that are known in the workspace or in its CRM, and those never to be contacted.")]
public sealed class CheckDuplicates : StageActivity
{
    [Input(DisplayName = "Check the CRM", Description = "Whether the contacts of the CRM count as duplicates.", Order = 1)]
    public Input<bool> CheckCrm { get; set; } = new(true);

    [Output(Description = "Leads that are known already.")]
    public Output<long> Duplicates { get; set; } = new();

    [Output(Description = "Leads on the suppression list.")]
    public Output<long> Suppressed { get; set; } = new();

    protected override string Kind => "lead.deduplicate";

    protected override JsonObject Parameters(ActivityContext context) => new() { ["checkCrm"] = context.Get(CheckCrm) };

    protected override ActivityResult End(ActivityContext context, StageCounts counts)
    {
        context.Set(Duplicates, StageJson.Number(counts.Result, "duplicates"));
        context.Set(Suppressed, StageJson.Number(counts.Result, "suppressed"));
        return Done;
    }
}
