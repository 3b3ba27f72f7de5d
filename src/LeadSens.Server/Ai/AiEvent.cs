namespace LeadSens.Server.Ai;

/// <summary>One call of a language model.</summary>
/// <param name="Outcome"><c>ok</c>, <c>broken</c> (an answer outside its schema), <c>abandoned</c> (one that nobody read to its end), or the
/// failure's kind.</param>
internal sealed record AiEvent(
    Guid Id, Guid WorkspaceId, Guid? CampaignId, Guid? LeadId, string Purpose, string Provider, string Model, string PromptVersion,
    int TokensIn, int TokensOut, decimal CostUsd, int LatencyMs, string Outcome, DateTimeOffset At)
{
    public const string Ok = "ok", Broken = "broken", Abandoned = "abandoned";
}
