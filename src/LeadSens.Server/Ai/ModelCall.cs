using LeadSens.Server.Jobs;

namespace LeadSens.Server.Ai;

/// <summary>What calls of a language model are for, whom they are counted to, and what they may spend.</summary>
/// <param name="Purpose">For example <c>score</c>: chooses the model and names the cost.</param>
/// <param name="PromptVersion">The version of the prompt file, for example <c>lead_score.v1</c>.</param>
internal sealed record ModelCall(string Purpose, string PromptVersion, Guid WorkspaceId)
{
    public Guid? CampaignId { get; init; }
    public Guid? LeadId { get; init; }

    /// <summary>Null where the campaign has no budget.</summary>
    public JobBudget? Budget { get; init; }
}
