namespace LeadSens.Server.Leads;

/// <summary>What is known of the lead's company.</summary>
internal static class EnrichmentStatus
{
    public static readonly IReadOnlyList<string> All = ["None", "Queued", "Enriching", "Enriched", "Failed"];
}
