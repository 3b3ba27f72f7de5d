using LeadSens.Server.Campaigns;
using LeadSens.Server.Contacts;

namespace LeadSens.Server.Discovery;

/// <summary>A list of leads as its provider shows it.</summary>
internal sealed record BoughtList(string Id, string Name);

/// <summary>How far the provider is with a list.</summary>
/// <param name="HoldsLeads">It says that somebody is in it.</param>
internal sealed record ListProgress(bool Exists, bool IsFilling, bool HoldsLeads);

/// <summary>A lead of a list: what its source says of the person.</summary>
/// <param name="LinkedIn">The address of the profile, as the source writes it.</param>
/// <param name="ToldAt">When the source last changed it; null: it does not say.</param>
/// <param name="Raw">The whole answer.</param>
internal sealed record ListedLead(string Id, string? Email, string? LinkedIn, DateTimeOffset? ToldAt, PersonFields Fields, string Raw);

/// <summary>A provider that finds people and sells them as a list.</summary>
internal abstract class LeadSource
{
    /// <summary>How long a list that was bought may take to fill; then the campaign goes on with what is in it.</summary>
    public abstract TimeSpan FillTime { get; }

    /// <summary>How many people match. Costs nothing.</summary>
    public abstract Task<ProviderResult<long>> CountAsync(ProviderAccount account, Icp icp, CancellationToken cancellationToken);

    /// <summary>Fills a new list of this name with up to so many people; the answer is its id. Spends credits.</summary>
    public abstract Task<ProviderResult<string>> BuyAsync(ProviderAccount account, Icp icp, int limit, string name, CancellationToken cancellationToken);

    /// <summary>Lists whose name holds the text.</summary>
    public abstract Task<ProviderResult<ProviderPage<BoughtList>>> ListsAsync(
        ProviderAccount account, string search, string? after, CancellationToken cancellationToken);

    public abstract Task<ProviderResult<ListProgress>> LookAsync(ProviderAccount account, string listId, CancellationToken cancellationToken);

    public abstract Task<ProviderResult<ProviderPage<ListedLead>>> ReadAsync(ProviderAccount account, string listId, string? after, CancellationToken cancellationToken);
}
