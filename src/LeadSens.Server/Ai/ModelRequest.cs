using LeadSens.Server.Jobs;

namespace LeadSens.Server.Ai;

/// <summary>One question to a language model whose answer must follow a schema.</summary>
/// <param name="Purpose">What it is for (<c>score</c>, <c>summary</c>, <c>draft</c>): chooses the model and names the cost.</param>
/// <param name="PromptVersion">The version of the prompt file, for example <c>lead_score.v1</c>.</param>
/// <param name="System">The instructions; the only place for them.</param>
/// <param name="User">The data, in tagged blocks. Text from the web stands only here.</param>
/// <param name="MaxTokens">The most that the answer may have; a longer one is cut by the model and counts as broken.</param>
internal sealed record ModelRequest(
    string Purpose, string PromptVersion, string System, string User, ModelSchema Schema, int MaxTokens, Guid WorkspaceId)
{
    public Guid? CampaignId { get; init; }
    public Guid? LeadId { get; init; }

    /// <summary>What the call may spend; null where the campaign has no budget.</summary>
    public JobBudget? Budget { get; init; }

    /// <summary>Another model than the purpose's.</summary>
    public string? Model { get; init; }

    /// <summary>0 repeats itself most faithfully; the purpose's default when null.</summary>
    public float? Temperature { get; init; }

    public ModelCall Call => new(Purpose, PromptVersion, WorkspaceId) { CampaignId = CampaignId, LeadId = LeadId, Budget = Budget };
}
