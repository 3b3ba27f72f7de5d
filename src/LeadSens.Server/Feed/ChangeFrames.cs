using System.Text;
using System.Text.Json;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Changes;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Feed;

/// <summary>Events as they are sent. One is read and written down once, however many it goes to.</summary>
internal sealed class ChangeFrames(CampaignViews campaigns, IOptions<JsonOptions> json)
{
    /// <summary>Without the id and the empty line that ends it.</summary>
    public byte[] Reset => Frame(new(ChangeType.Reset, null, null));

    public Task<byte[]> OfAsync(Guid workspaceId, Change change, ChangeRound round) => round.OnceAsync((typeof(ChangeFrames), change), async () =>
        Frame(new(change.Kind, change.Id, change.Kind == ChangeKind.Campaign ? await ReadAsync(workspaceId, change.Id) : null)));

    private async Task<CampaignChange?> ReadAsync(Guid workspaceId, Guid campaignId)
    {
        using var scope = DatabaseScope.Work(workspaceId);
        return await campaigns.ChangeAsync(workspaceId, campaignId, CancellationToken.None);
    }

    private byte[] Frame(ChangeEvent told) =>
        Encoding.UTF8.GetBytes($"event: {told.Type}\ndata: {JsonSerializer.Serialize(told, json.Value.SerializerOptions)}\n");
}
