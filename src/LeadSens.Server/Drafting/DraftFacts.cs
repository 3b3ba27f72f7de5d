using LeadSens.Server.Enrichment;
using LeadSens.Server.Leads;

namespace LeadSens.Server.Drafting;

/// <summary>What is known about a lead, as short texts, and whether a draft uses any of it.</summary>
internal static class DraftFacts
{
    public static IReadOnlyList<string> Of(LeadFacts lead, CompanyProfile? profile)
    {
        var facts = new List<string?> { lead.CompanyName, lead.JobTitle, lead.Industry, lead.City };
        if (profile is not null)
        {
            facts.AddRange([profile.CompanySummary, profile.TargetMarket, profile.ValueProposition, profile.TeamSize]);
            facts.AddRange([.. profile.Products, .. profile.PainPoints, .. profile.RecentNews, .. profile.TechStack, .. profile.Signals]);
        }

        return [.. facts.Where(fact => !string.IsNullOrWhiteSpace(fact)).Select(fact => fact!)];
    }

    /// <summary>A draft about nobody in particular is what recipients delete. Where nothing is known, nothing is asked for.</summary>
    public static bool UsesOne(DraftText draft, IReadOnlyList<string> facts)
    {
        if (facts.Count == 0) return true;
        var text = draft.Subject + "\n" + draft.Body;
        return facts.Any(fact => text.Contains(fact.Trim(), StringComparison.OrdinalIgnoreCase)) || Mentions(text, facts);
    }

    /// <summary>A longer fact is used when at least half of its words that mean something are.</summary>
    private static bool Mentions(string text, IReadOnlyList<string> facts)
    {
        var used = Words.Significant(text).ToHashSet();
        return facts.Select(fact => Words.Significant(fact).Distinct().ToList())
            .Any(words => words.Count >= 2 && words.Count(used.Contains) * 2 >= words.Count);
    }
}
