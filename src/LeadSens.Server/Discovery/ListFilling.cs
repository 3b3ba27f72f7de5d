using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Push;

namespace LeadSens.Server.Discovery;

/// <summary>How far the provider is with a list that was bought. Late: it goes on to fill it, for longer than anybody waits.</summary>
internal enum ListState { Filling, Filled, Late }

/// <param name="HoldsLeads">The provider says that somebody is in it.</param>
internal readonly record struct ListLook(ListState State, bool HoldsLeads);

/// <summary>Looks whether a list is filled, and knows how long that may take.</summary>
internal sealed class ListFilling(ProviderFor<LeadSource> source, Reads reads, Database database)
{
    /// <summary>A provider's reads lag behind its writes, by seconds.</summary>
    private static readonly TimeSpan ReadLag = TimeSpan.FromMinutes(10);

    public async Task<ProviderResult<ListLook>> LookAsync(ProviderAccount account, IntentOutcome.Done bought, CancellationToken cancellationToken)
    {
        var list = await reads.ReadAsync(() => source.Part.LookAsync(account, bought.ProviderId, cancellationToken), cancellationToken);
        if (!list.Succeeded) return list.Failure;
        if (!list.Value.Exists) return await NotShownAsync(bought, cancellationToken);
        if (!list.Value.IsFilling) return new ListLook(ListState.Filled, list.Value.HoldsLeads);
        return new ListLook(await SinceAsync(bought, cancellationToken) > source.Part.FillTime ? ListState.Late : ListState.Filling, HoldsLeads: false);
    }

    /// <summary>The credits were spent: what is not shown yet is not nothing. After a while it is no lag any more: somebody deleted the list.</summary>
    public async Task<ProviderFailure> NotShownAsync(IntentOutcome.Done bought, CancellationToken cancellationToken) => await SinceAsync(bought, cancellationToken) <= ReadLag
        ? new(ProviderFailureKind.Unavailable, source.Name, $"{source.Title} does not show yet what was bought.")
        : new(ProviderFailureKind.Invalid, source.Name, $"{source.Title} does not show what was bought. Resume to look again.");

    private Task<TimeSpan> SinceAsync(IntentOutcome.Done bought, CancellationToken cancellationToken) =>
        database.Sql("select clock_now() - at from receipts where intent_id = $1", bought.IntentId).FirstAsync(row => row.GetTimeSpan(0), cancellationToken);

    public string Say(long leads, int limit) => $"{Waited}: {leads} of up to {limit} leads were read, and the campaign goes on with those.";

    /// <summary>Ends the box as faulted; run again it looks once more.</summary>
    public ProviderFailure Empty() => new(ProviderFailureKind.Invalid, source.Name, $"{Waited}, and nothing is in it yet. Resume to look again.");

    private string Waited => $"{source.Title} had not filled the list within {source.Part.FillTime.TotalHours:0.##} h";
}
