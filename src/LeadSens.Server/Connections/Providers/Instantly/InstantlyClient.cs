using System.Text.Json.Serialization.Metadata;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Instantly's API, version 2. Nothing here is idempotent at the vendor: every write is an intent of the caller's.</summary>
internal sealed class InstantlyClient(IOptions<InstantlyOptions> options, TimeProvider clock, Limits limits) : IDisposable
{
    /// <summary>The most that one page holds.</summary>
    public const int PageSize = 100;

    /// <summary>The most that one bulk holds.</summary>
    public const int MaxLeadsPerCall = 1_000;

    private const string SuperSearch = "/api/v2/supersearch-enrichment";
    private static readonly InstantlyJson Json = InstantlyJson.Default;

    private readonly ProviderHttp http = new(new InstantlyFailures(clock), options.Value.Timeout, clock, limits);

    /// <summary>How many leads match; Instantly counts to 1,000,000. Costs nothing.</summary>
    public async Task<ProviderResult<long>> CountLeadsAsync(ProviderAccount account, SearchFilters filters, CancellationToken cancellationToken)
    {
        var counted = await PostAsync(account, $"{SuperSearch}/count-leads-from-supersearch", CallEffect.Read,
            new CountLeadsRequest(filters), Json.CountLeadsRequest, Json.CountLeadsAnswer, cancellationToken);
        return counted.Succeeded ? counted.Value.NumberOfLeads : counted.Failure;
    }

    /// <summary>Fills a new list with up to <paramref name="limit"/> leads. Spends credits.</summary>
    public Task<ProviderResult<InstantlyEnrichmentStarted>> EnrichFromSearchAsync(
        ProviderAccount account, SearchFilters filters, int limit, string listName, CancellationToken cancellationToken) =>
        PostAsync(account, $"{SuperSearch}/enrich-leads-from-supersearch", CallEffect.Write,
            new EnrichFromSearchRequest(filters, limit, listName), Json.EnrichFromSearchRequest, Json.InstantlyEnrichmentStarted, cancellationToken);

    public Task<ProviderResult<InstantlyEnrichment>> GetEnrichmentAsync(ProviderAccount account, string resourceId, CancellationToken cancellationToken) =>
        GetAsync(account, $"{SuperSearch}/{Uri.EscapeDataString(resourceId)}", Json.InstantlyEnrichment, cancellationToken);

    /// <summary>Lists whose name holds the search text; stop on an empty page.</summary>
    public Task<ProviderResult<InstantlyPage<InstantlyList>>> ListListsAsync(
        ProviderAccount account, string? search, string? startingAfter, CancellationToken cancellationToken) =>
        GetAsync(account, "/api/v2/lead-lists" + Query(search, startingAfter), Json.InstantlyPageInstantlyList, cancellationToken);

    /// <summary>One page of a list's or a campaign's leads; stop on an empty page.</summary>
    public Task<ProviderResult<InstantlyPage<InstantlyLead>>> ListLeadsAsync(
        ProviderAccount account, LeadScope scope, string? startingAfter, CancellationToken cancellationToken) =>
        PostAsync(account, "/api/v2/leads/list", CallEffect.Read,
            new ListLeadsRequest(scope.ListId, scope.CampaignId, scope.Search, startingAfter, PageSize),
            Json.ListLeadsRequest, Json.InstantlyPageInstantlyLead, cancellationToken);

    /// <summary>The same of a list, each lead with the whole answer.</summary>
    public Task<ProviderResult<InstantlyPage<InstantlyListedLead>>> ReadListAsync(ProviderAccount account, string listId, string? startingAfter, CancellationToken cancellationToken) =>
        PostAsync(account, "/api/v2/leads/list", CallEffect.Read,
            new ListLeadsRequest(listId, null, null, startingAfter, PageSize),
            Json.ListLeadsRequest, Json.InstantlyPageInstantlyListedLead, cancellationToken);

    public Task<ProviderResult<InstantlyCampaign>> CreateCampaignAsync(
        ProviderAccount account, InstantlyNewCampaign campaign, CancellationToken cancellationToken) =>
        PostAsync(account, "/api/v2/campaigns", CallEffect.Write,
            CreateCampaignRequest.Of(campaign), Json.CreateCampaignRequest, Json.InstantlyCampaign, cancellationToken);

    /// <summary>Campaigns whose name holds the search text; stop on an empty page.</summary>
    public Task<ProviderResult<InstantlyPage<InstantlyCampaign>>> ListCampaignsAsync(
        ProviderAccount account, string? search, string? startingAfter, CancellationToken cancellationToken) =>
        GetAsync(account, "/api/v2/campaigns" + Query(search, startingAfter), Json.InstantlyPageInstantlyCampaign, cancellationToken);

    public Task<ProviderResult<InstantlyCampaign>> GetCampaignAsync(ProviderAccount account, string campaignId, CancellationToken cancellationToken) =>
        GetAsync(account, $"/api/v2/campaigns/{Uri.EscapeDataString(campaignId)}", Json.InstantlyCampaign, cancellationToken);

    /// <summary>Adds at most <see cref="MaxLeadsPerCall"/> leads. Partial success is a success here: see the answer.</summary>
    public Task<ProviderResult<AddLeadsAnswer>> AddLeadsAsync(
        ProviderAccount account, string campaignId, IReadOnlyList<InstantlyNewLead> leads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leads.Count, MaxLeadsPerCall, nameof(leads));
        return PostAsync(account, "/api/v2/leads/add", CallEffect.Write,
            new AddLeadsRequest(campaignId, leads), Json.AddLeadsRequest, Json.AddLeadsAnswer, cancellationToken);
    }

    /// <summary>Starts sending.</summary>
    public Task<ProviderResult<InstantlyCampaign>> ActivateAsync(ProviderAccount account, string campaignId, CancellationToken cancellationToken) =>
        http.SendAsync(new(HttpMethod.Post, account, $"/api/v2/campaigns/{Uri.EscapeDataString(campaignId)}/activate", CallEffect.Write),
            Json.InstantlyCampaign.Read, cancellationToken);

    /// <summary>The workspace at Instantly that the key belongs to.</summary>
    public Task<ProviderResult<InstantlyWorkspace>> GetWorkspaceAsync(ProviderAccount account, CancellationToken cancellationToken) =>
        GetAsync(account, "/api/v2/workspaces/current", Json.InstantlyWorkspace, cancellationToken);

    public void Dispose() => http.Dispose();

    private Task<ProviderResult<TAnswer>> GetAsync<TAnswer>(
        ProviderAccount account, string path, JsonTypeInfo<TAnswer> answer, CancellationToken cancellationToken) where TAnswer : class =>
        http.SendAsync(new(HttpMethod.Get, account, path, CallEffect.Read), answer.Read, cancellationToken);

    private Task<ProviderResult<TAnswer>> PostAsync<TRequest, TAnswer>(
        ProviderAccount account, string path, CallEffect effect, TRequest body, JsonTypeInfo<TRequest> request, JsonTypeInfo<TAnswer> answer,
        CancellationToken cancellationToken) where TAnswer : class =>
        http.SendAsync(new(HttpMethod.Post, account, path, effect) { Body = ProviderRequest.Json(body, request) }, answer.Read, cancellationToken);

    private static string Query(string? search, string? startingAfter) =>
        $"?limit={PageSize}"
        + (search is null ? "" : "&search=" + Uri.EscapeDataString(search))
        + (startingAfter is null ? "" : "&starting_after=" + Uri.EscapeDataString(startingAfter));
}

/// <summary>Which leads to list: those of a list or of a campaign, and of them the ones that a text finds (an e-mail address).</summary>
internal readonly record struct LeadScope(string? ListId, string? CampaignId, string? Search = null)
{
    public static LeadScope OfList(string listId, string? search = null) => new(listId, null, search);

    public static LeadScope OfCampaign(string campaignId, string? search = null) => new(null, campaignId, search);
}
