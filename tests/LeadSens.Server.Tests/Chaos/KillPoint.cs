namespace LeadSens.Server.Tests.Chaos;

/// <summary>A moment at which the Server dies.</summary>
/// <param name="Stage">The kind of the batch whose work is under way, or <c>approval</c>.</param>
/// <param name="Done">The share of the batch's jobs that have ended, 0 to 1.</param>
/// <param name="WithPostmaster">Its PostgreSQL dies with it.</param>
internal sealed record KillPoint(string Stage, double Done, bool WithPostmaster = false)
{
    /// <summary>At least two in each stage, three in the push, six with the postmaster; in the order of the data.</summary>
    public static IReadOnlyList<KillPoint> All { get; } =
    [
        new("campaign.count", 0), new("campaign.count", 0, WithPostmaster: true),
        new("campaign.source", 0), new("campaign.source", 0),
        new("lead.deduplicate", 0), new("lead.deduplicate", 0.3),
        new("lead.score", 0.1), new("lead.score", 0.6, WithPostmaster: true),
        // Between the last score and the first scrape: the filter.
        new("lead.score", 1), new("lead.score", 1),
        new("lead.enrich", 0.1, WithPostmaster: true), new("lead.enrich", 0.6),
        // Nothing but SQL happens between the last enrichment and the first draft: the verification.
        new("lead.enrich", 1), new("lead.enrich", 1),
        new("lead.draft", 0.1), new("lead.draft", 0.6, WithPostmaster: true),
        new("approval", 0), new("approval", 0),
        new("campaign.push", 0), new("campaign.push", 0, WithPostmaster: true), new("campaign.push", 0),
        new("campaign.activate", 0), new("campaign.activate", 0),
        new("crm.sync", 0), new("crm.sync", 0.3, WithPostmaster: true),
    ];
}
