using LeadSens.Demo;

namespace LeadSens.Bench.Campaign;

/// <summary>The provider calls that a funnel demands, by endpoint: what the Sandbox counted must be this.</summary>
/// <param name="Most">More than <paramref name="Least"/> only where a provider works in the background and is asked until it is done,
/// or a list may end with an empty page.</param>
internal sealed record Demand(string Vendor, string Endpoint, long Least, long Most)
{
    private const int InstantlyPage = 100;
    private const int HubSpotBatch = 100;
    private const int PushBatch = 1_000;

    public static IReadOnlyList<Demand> Of(CampaignView campaign)
    {
        long sourced = campaign.Count("sourced"), pushed = campaign.Count("pushed"), enriched = campaign.Count("enriched");
        var model = campaign.Count("scored") + enriched + 3 * campaign.Count("drafted");
        var pages = Parts(sourced, InstantlyPage) + Parts(pushed, InstantlyPage);
        return
        [
            Exactly("mistral", "", model),
            Exactly("jina", "", campaign.Count("qualified")),
            Exactly("hubspot", "batch/read", Parts(sourced, HubSpotBatch)),
            Exactly("hubspot", "batch/upsert", Parts(pushed, HubSpotBatch)),
            Exactly("instantly", "count-leads-from-supersearch", 1),
            Exactly("instantly", "enrich-leads-from-supersearch", 1),
            Exactly("instantly", "POST /api/v2/leads/add", Parts(pushed + campaign.Push("refused"), PushBatch)),
            Exactly("instantly", "activate", 1),
            // Sourcing and the push's read-back each may end on an empty page, and the push looks before it writes.
            new("instantly", "leads/list", pages, pages + 3),
        ];
    }

    /// <summary>What differs; empty when the Sandbox saw exactly what the funnel demands.</summary>
    public static IReadOnlyList<string> Differences(CampaignView campaign, IReadOnlyList<EndpointCalls> counted) =>
    [
        .. Of(campaign)
            .Select(demand => (demand, calls: counted.Where(demand.Matches).Sum(endpoint => endpoint.Calls)))
            .Where(pair => pair.calls < pair.demand.Least || pair.calls > pair.demand.Most)
            .Select(pair => $"{pair.demand.Vendor} {pair.demand.Endpoint}: {pair.calls} calls where the funnel demands {pair.demand.Least}"),
    ];

    private static Demand Exactly(string vendor, string endpoint, long calls) => new(vendor, endpoint, calls, calls);

    private static long Parts(long leads, int size) => (leads + size - 1) / size;

    private bool Matches(EndpointCalls endpoint) => endpoint.Vendor == Vendor && endpoint.Endpoint.Contains(Endpoint, StringComparison.Ordinal);
}
