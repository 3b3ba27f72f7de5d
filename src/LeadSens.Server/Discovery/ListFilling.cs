using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Data;
using LeadSens.Server.Push;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Discovery;

/// <summary>How far the provider is with a list that was bought. Late: it goes on to fill it, for longer than anybody waits.</summary>
internal enum ListState { Filling, Filled, Late }

/// <param name="HoldsLeads">The provider says that somebody is in it.</param>
internal readonly record struct ListLook(ListState State, bool HoldsLeads);

/// <summary>Looks whether a list is filled, and knows how long that may take.</summary>
internal sealed class ListFilling(InstantlyClient instantly, Reads reads, Database database, IOptions<InstantlyOptions> options)
{
    /// <summary>A provider's reads lag behind its writes, by seconds.</summary>
    private static readonly TimeSpan ReadLag = TimeSpan.FromMinutes(10);

    public async Task<ProviderResult<ListLook>> LookAsync(ProviderAccount account, IntentOutcome.Done bought, CancellationToken cancellationToken)
    {
        var enrichment = await reads.ReadAsync(() => instantly.GetEnrichmentAsync(account, bought.ProviderId, cancellationToken), cancellationToken);
        if (!enrichment.Succeeded) return enrichment.Failure;
        if (enrichment.Value.Exists is false) return await NotShownAsync(bought, cancellationToken);
        if (!enrichment.Value.InProgress) return new ListLook(ListState.Filled, enrichment.Value.HasNoLeads is false);
        return new ListLook(await SinceAsync(bought, cancellationToken) > options.Value.FillTime ? ListState.Late : ListState.Filling, HoldsLeads: false);
    }

    /// <summary>The credits were spent: what is not shown yet is not nothing. After a while it is no lag any more: somebody deleted the list.</summary>
    public async Task<ProviderFailure> NotShownAsync(IntentOutcome.Done bought, CancellationToken cancellationToken) => await SinceAsync(bought, cancellationToken) <= ReadLag
        ? new(ProviderFailureKind.Unavailable, ProviderNames.Instantly, "Instantly does not show yet what was bought.")
        : new(ProviderFailureKind.Invalid, ProviderNames.Instantly, "Instantly does not show what was bought. Resume to look again.");

    private Task<TimeSpan> SinceAsync(IntentOutcome.Done bought, CancellationToken cancellationToken) =>
        database.Sql("select clock_now() - at from receipts where intent_id = $1", bought.IntentId).FirstAsync(row => row.GetTimeSpan(0), cancellationToken);

    public string Say(long leads, int limit) => $"{Waited}: {leads} of up to {limit} leads were read, and the campaign goes on with those.";

    /// <summary>Ends the box as faulted; run again it looks once more.</summary>
    public ProviderFailure Empty() => new(ProviderFailureKind.Invalid, ProviderNames.Instantly, $"{Waited}, and nothing is in it yet. Resume to look again.");

    private string Waited => $"Instantly had not filled the list within {options.Value.FillTime.TotalHours:0.##} h";
}
