using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Has the large model write a sequence of three e-mails per verified lead (PAS, value-add, breakup), in French for French
/// prospects and in English otherwise, from the company DNA, the lead, its enrichment and the reviewers' last edits. Leads with requested
/// changes are written again with the reviewer's comment. A draft that breaks a rule is redone once, then flagged. Empty when the
/// campaign has no draft to review.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Draft e-mails", Outcomes = ["Done", "Empty"],
    Description = "Writes three e-mails per verified lead, or writes them again where a reviewer asked for changes.")]
public sealed class DraftEmails : StageActivity
{
    [Input(DisplayName = "Style samples", Description = "How many of the reviewers' last edits the model sees, 0 to 20.", Order = 1)]
    public Input<int> StyleSamples { get; set; } = new(5);

    [Output(Description = "E-mails that still break a rule after they were redone.")]
    public Output<long> Flagged { get; set; } = new();

    protected override string Kind => "lead.draft";

    /// <summary>Leads that an earlier round approved do not wait for those that could not be written again.</summary>
    protected override bool GoesOnWithout(StageCounts counts) => StageJson.Number(counts.Result, "approved") > 0;

    protected override JsonObject Parameters(ActivityContext context) => new() { ["styleSamples"] = Math.Clamp(context.Get(StyleSamples), 0, 20) };

    protected override ActivityResult End(ActivityContext context, StageCounts counts)
    {
        context.Set(Flagged, StageJson.Number(counts.Result, "flagged"));
        return counts.Completed == 0 ? Complete("Empty") : Done;
    }
}
