using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Writes the pushed leads to the CRM as contacts: upsert by e-mail in parts of 100. A contact that it refuses keeps its
/// lead at <c>Pushed</c> and says why; the others become <c>Synced</c>. Does nothing where the campaign's targets leave the CRM out.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Sync to CRM",
    Description = "Creates or updates the pushed leads as contacts in the CRM, by e-mail.")]
public sealed class SyncToCrm : StageActivity
{
    [Output(Description = "Leads that are contacts in the CRM now.")]
    public Output<long> Synced { get; set; } = new();

    [Output(Description = "Leads that the CRM refused; each says why.")]
    public Output<long> Refused { get; set; } = new();

    protected override string Kind => "crm.sync";

    protected override ActivityResult End(ActivityContext context, StageCounts counts)
    {
        context.Set(Synced, StageJson.Number(counts.Result, "synced"));
        context.Set(Refused, StageJson.Number(counts.Result, "refused"));
        return Done;
    }
}
