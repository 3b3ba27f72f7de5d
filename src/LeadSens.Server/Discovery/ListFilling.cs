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
    /// <summary>The provider's reads may lag behind what was bought, but not for long: a list that it does not know is asked for as one that it cannot show just now.</summary>
    public async Task<ProviderResult<ListLook>> LookAsync(ProviderAccount account, IntentOutcome.Done bought, CancellationToken cancellationToken)
    {
        var enrichment = await reads.ReadAsync(() => instantly.GetEnrichmentAsync(account, bought.ProviderId, cancellationToken), cancellationToken);
        if (!enrichment.Succeeded) return enrichment.Failure;
        if (enrichment.Value.Exists is false) return NotShown();
        if (!enrichment.Value.InProgress) return new ListLook(ListState.Filled, enrichment.Value.HasNoLeads is false);
        var since = await database.Sql("select clock_now() - at from receipts where intent_id = $1", bought.IntentId).FirstAsync(row => row.GetTimeSpan(0), cancellationToken);
        return new ListLook(since > options.Value.FillTime ? ListState.Late : ListState.Filling, HoldsLeads: false);
    }

    /// <summary>The credits were spent: what is not shown yet is not nothing.</summary>
    public ProviderFailure NotShown() => new(ProviderFailureKind.Unavailable, ProviderNames.Instantly, "Instantly does not show yet what was bought.");

    public string Say(long leads, int limit) => $"{Waited}: {leads} of up to {limit} leads were read, and the campaign goes on with those.";

    /// <summary>Ends the box as faulted; run again it looks once more.</summary>
    public ProviderFailure Empty() => new(ProviderFailureKind.Invalid, ProviderNames.Instantly, $"{Waited}, and nothing is in it yet. Resume to look again.");

    private string Waited => $"Instantly had not filled the list within {options.Value.FillTime.TotalHours:0.##} h";
}
