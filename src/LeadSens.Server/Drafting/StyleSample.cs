namespace LeadSens.Server.Drafting;

/// <summary>How a reviewer changed a draft: what later drafts learn from.</summary>
internal sealed record StyleSample(string Original, string Edited);
