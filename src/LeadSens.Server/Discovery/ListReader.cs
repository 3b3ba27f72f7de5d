using LeadSens.Server.Data;
using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Jobs;
using LeadSens.Server.Suppressions;

namespace LeadSens.Server.Discovery;

/// <summary>Reads a provider's list page by page into leads. While a page is stored the next one is fetched; the cursor is a checkpoint
/// behind each stored page, so that an interrupted read goes on where it was and a page that comes twice changes nothing.</summary>
internal sealed class ListReader(InstantlyClient instantly, Reads reads, Database database, SuppressionKeys keys)
{
    /// <summary>Null when the list was read to its end, else why not.</summary>
    public async Task<ProviderFailure?> ReadAsync(
        ClaimedJob job, ProviderAccount account, SourceCheckpoint from, int limit, JobProgress progress, CancellationToken cancellationToken)
    {
        var next = FetchAsync(account, from.ListId, from.Cursor, cancellationToken);
        var total = await CountAsync(job, cancellationToken);
        var walk = PageWalk.Through(limit, from.Cursor);
        while (true)
        {
            var page = await next;
            if (!page.Succeeded) return page.Failure;
            var cursor = walk.After(page.Value);
            next = cursor is null ? next : FetchAsync(account, from.ListId, cursor, cancellationToken);
            total += await StoreAsync(job, page.Value.Items, limit - total, cancellationToken);
            if (cursor is null || total >= limit)
            {
                await next;
                return total >= limit || walk.Failure is null ? null : walk.Failure with { Kind = ProviderFailureKind.Invalid };
            }

            progress.Checkpoint(JsonSerializer.SerializeToElement(new SourceCheckpoint(from.ListId, cursor), DiscoveryJson.Default.SourceCheckpoint));
        }
    }

    private Task<ProviderResult<InstantlyPage<InstantlyLead>>> FetchAsync(ProviderAccount account, string listId, string? cursor, CancellationToken cancellationToken) =>
        reads.ReadAsync(() => instantly.ListLeadsAsync(account, LeadScope.OfList(listId), cursor, cancellationToken), cancellationToken);

    private async Task<long> CountAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await SourcedLeads.CountAsync(connection, job.CampaignId, cancellationToken);
    }

    private async Task<long> StoreAsync(ClaimedJob job, IReadOnlyList<InstantlyLead> leads, long limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await SourcedLeads.StoreAsync(connection, job.WorkspaceId, job.CampaignId, leads, limit, await keys.OfAsync(job.WorkspaceId, cancellationToken), cancellationToken);
    }
}
