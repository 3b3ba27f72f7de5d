using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Connections;
using LeadSens.Server.Push;

namespace LeadSens.Server.Discovery;

/// <summary>What was asked for when the credits were spent: the row alone must be enough to ask again.</summary>
internal sealed record CreditRequest(Icp Icp, int Limit);

/// <summary>Buys a campaign's leads: fills a list whose name carries the intent, so that a lost answer is found by its name.</summary>
internal sealed class CreditCall(ProviderFor<LeadSource> source, Reads reads) : IntentCall
{
    public override string Kind => "credits.spend";

    public override async Task<ProviderResult<Found>> LookUpAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await source.ForAsync(intent.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var walk = new PageWalk(source.Name, PageWalk.FewPages);
        string? after = null;
        do
        {
            var from = after;
            var page = await reads.ReadAsync(() => source.Part.ListsAsync(account.Value, intent.Tag, from, cancellationToken), cancellationToken);
            if (!page.Succeeded) return page.Failure;
            if (page.Value.Items.FirstOrDefault(list => list.Name.Contains(intent.Tag, StringComparison.Ordinal)) is { } list) return new Found(list.Id);
            after = walk.After(page.Value);
        }
        while (after is not null);
        return walk.Failure is { } endless ? endless : Found.Nothing;
    }

    public override async Task<ProviderResult<string>> WriteAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await source.ForAsync(intent.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var request = intent.Request.Deserialize(DiscoveryJson.Default.CreditRequest)!;
        return await source.Part.BuyAsync(account.Value, request.Icp, request.Limit, $"LeadSens {intent.Tag}", cancellationToken);
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CreditRequest))]
[JsonSerializable(typeof(SourceCheckpoint))]
internal sealed partial class DiscoveryJson : JsonSerializerContext;
