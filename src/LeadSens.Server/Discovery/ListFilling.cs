using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Data;
using LeadSens.Server.Push;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Discovery;

/// <summary>How far the provider is with a list that was bought. Late: it goes on to fill it, for longer than anybody waits.</summary>
internal enum ListState { Filling, Filled, Late }

/// <summary>Looks whether a list is filled, and knows how long that may take.</summary>
internal sealed class ListFilling(InstantlyClient instantly, Reads reads, Database database, IOptions<InstantlyOptions> options)
{
    public async Task<ProviderResult<ListState>> LookAsync(ProviderAccount account, IntentOutcome.Done bought, CancellationToken cancellationToken)
    {
        var enrichment = await reads.ReadAsync(() => instantly.GetEnrichmentAsync(account, bought.ProviderId, cancellationToken), cancellationToken);
        if (!enrichment.Succeeded) return enrichment.Failure;
        if (!enrichment.Value.InProgress) return ListState.Filled;
        var since = await database.Sql("select clock_now() - at from receipts where intent_id = $1", bought.IntentId).FirstAsync(row => row.GetTimeSpan(0), cancellationToken);
        return since > options.Value.FillTime ? ListState.Late : ListState.Filling;
    }

    public string Say(long leads, int limit) => $"{Waited}: {leads} of up to {limit} leads were read, and the campaign goes on with those.";

    /// <summary>Ends the box as faulted; run again it looks once more.</summary>
    public ProviderFailure Empty() => new(ProviderFailureKind.Invalid, ProviderNames.Instantly, $"{Waited}, and nothing is in it yet. Resume to look again.");

    private string Waited => $"Instantly had not filled the list within {options.Value.FillTime.TotalHours:0.##} h";
}
