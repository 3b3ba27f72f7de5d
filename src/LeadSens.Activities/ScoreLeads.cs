using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Has the small model score each lead against the ICP, 1 to 10 with a breakdown and a one-sentence reason, from nothing but
/// what sourcing returned: nobody is scraped before being scored. A lead that cannot be scored becomes <c>Failed</c> with the reason.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Score leads",
    Description = "Scores each lead from 1 to 10 against the ICP, from the data that sourcing returned.")]
public sealed class ScoreLeads : StageActivity
{
    protected override string Kind => "lead.score";
}
