namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Why Instantly left leads of a bulk out: it only counts reasons, it does not say which lead has which.</summary>
internal static class Refusal
{
    public static string Of(AddLeadsAnswer answer)
    {
        (int Count, string Words)[] counts =
        [
            (answer.InBlocklist, "on its blocklist"), (answer.InvalidEmailCount, "an invalid address"), (answer.IncompleteCount, "incomplete"),
            (Math.Max(answer.DuplicatedLeads, answer.SkippedCount), "in a campaign already"), (answer.DuplicateEmailCount, "twice in the request"),
        ];
        var reasons = counts.Where(count => count.Count > 0).Select(count => count.Words).ToList();
        return reasons.Count switch
        {
            0 => "Instantly left it out without a reason.",
            1 => $"Instantly left it out: {reasons[0]}.",
            _ => $"Instantly left it out, for one of these reasons: {string.Join(", ", reasons)}.",
        };
    }
}
