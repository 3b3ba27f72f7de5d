using LeadSens.Server.Campaigns;
using LeadSens.Server.Discovery;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.Instantly;

internal sealed class InstantlySource(InstantlyClient instantly, IOptions<InstantlyOptions> options) : LeadSource
{
    public override TimeSpan FillTime => options.Value.FillTime;

    public override Task<ProviderResult<long>> CountAsync(ProviderAccount account, Icp icp, CancellationToken cancellationToken) =>
        instantly.CountLeadsAsync(account, IcpSearch.Of(icp), cancellationToken);

    public override async Task<ProviderResult<string>> BuyAsync(ProviderAccount account, Icp icp, int limit, string name, CancellationToken cancellationToken)
    {
        var started = await instantly.EnrichFromSearchAsync(account, IcpSearch.Of(icp), limit, name, cancellationToken);
        return started.Succeeded ? started.Value.ResourceId : started.Failure;
    }

    public override async Task<ProviderResult<ProviderPage<BoughtList>>> ListsAsync(
        ProviderAccount account, string search, string? after, CancellationToken cancellationToken)
    {
        var page = await instantly.ListListsAsync(account, search, after, cancellationToken);
        return page.Succeeded ? page.Value.AsPage(list => new BoughtList(list.Id, list.Name)) : page.Failure;
    }

    public override async Task<ProviderResult<ListProgress>> LookAsync(ProviderAccount account, string listId, CancellationToken cancellationToken)
    {
        var enrichment = await instantly.GetEnrichmentAsync(account, listId, cancellationToken);
        return enrichment.Succeeded
            ? new ListProgress(enrichment.Value.Exists is not false, enrichment.Value.InProgress, enrichment.Value.HasNoLeads is false)
            : enrichment.Failure;
    }

    public override async Task<ProviderResult<ProviderPage<ListedLead>>> ReadAsync(
        ProviderAccount account, string listId, string? after, CancellationToken cancellationToken)
    {
        var page = await instantly.ReadListAsync(account, listId, after, cancellationToken);
        return page.Succeeded ? page.Value.AsPage(InstantlyPeople.Of) : page.Failure;
    }
}
