namespace LeadSens.Server.Enrichment;

/// <summary>What a company's site says about it. Unknown is null or an empty list, never invented.</summary>
internal sealed record CompanyProfile(
    string? CompanySummary, IReadOnlyList<string> Products, string? TargetMarket, string? ValueProposition, IReadOnlyList<string> PainPoints,
    IReadOnlyList<string> RecentNews, IReadOnlyList<string> TechStack, string? TeamSize, IReadOnlyList<string> Signals);
