using LeadSens.Server.Data;
using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;
using LeadSens.Server.Suppressions;

namespace LeadSens.Server.Discovery;

/// <summary>How far a list was read.</summary>
/// <param name="Leads">Of the campaign's, that are stored.</param>
/// <param name="Failure">Why not to its end.</param>
/// <param name="Cancelled">The campaign was, so that nothing more was read.</param>
internal sealed record ListRead(long Leads, ProviderFailure? Failure, bool Cancelled = false);

/// <summary>Reads a provider's list page by page into leads. While a page is stored the next one is fetched; the cursor is a checkpoint
/// behind each stored page, so that an interrupted read goes on where it was and a page that comes twice changes nothing. A list without an end fails for good: as every page
/// gives the job all its attempts again, it would be read for ever.</summary>
internal sealed class ListReader(ProviderFor<LeadSource> source, Reads reads, Database database, SuppressionKeys keys, TimeProvider time)
{
    /// <summary>Reads to the end of the list, to the limit, or until the campaign is cancelled.</summary>
    public async Task<ListRead> ReadAsync(
        ClaimedJob job, ProviderAccount account, SourceCheckpoint from, int limit, JobProgress progress, CancellationToken cancellationToken)
    {
        var next = FetchAsync(account, from.ListId, from.Cursor, cancellationToken);
        var total = await CountAsync(job, cancellationToken);
        var walk = PageWalk.Through(source.Name, limit, from.Cursor);
        while (true)
        {
            var page = await next;
            if (!page.Succeeded) return new(total, page.Failure);
            var cursor = walk.After(page.Value);
            next = cursor is null ? next : FetchAsync(account, from.ListId, cursor, cancellationToken);
            var (stored, cancelled) = await StoreAsync(job, page.Value.Items, limit - total, cancellationToken);
            total += stored;
            if (cancelled || cursor is null || total >= limit)
            {
                await next;
                return new(total, total >= limit || walk.Failure is null ? null : walk.Failure with { Kind = ProviderFailureKind.Invalid }, cancelled);
            }

            progress.Checkpoint(JsonSerializer.SerializeToElement(new SourceCheckpoint(from.ListId, cursor, from.Late), DiscoveryJson.Default.SourceCheckpoint));
        }
    }

    private Task<ProviderResult<ProviderPage<ListedLead>>> FetchAsync(
        ProviderAccount account, string listId, string? cursor, CancellationToken cancellationToken) =>
        reads.ReadAsync(() => source.Part.ReadAsync(account, listId, cursor, cancellationToken), cancellationToken);

    private async Task<long> CountAsync(ClaimedJob job, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await SourcedLeads.CountAsync(connection, job.RequireCampaign(), cancellationToken);
    }

    /// <summary>Two pages that make one person of two may meet the other way round.</summary>
    private Task<(long New, bool Cancelled)> StoreAsync(
        ClaimedJob job, IReadOnlyList<ListedLead> leads, long limit, CancellationToken cancellationToken) => Transactions.AgainAsync(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var key = await keys.OfAsync(connection, job.WorkspaceId, cancellationToken);
        return await SourcedLeads.StoreAsync(connection, job, source.Name, [.. leads.Take((int)Math.Min(limit, leads.Count))], key, time.GetUtcNow(), cancellationToken);
    }, cancellationToken);
}
