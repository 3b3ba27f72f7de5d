using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Push;

/// <summary>The end of a campaign's chain, locked, and the database's time.</summary>
internal sealed record ReceiptHead(long Sequence, byte[] Mac, DateTimeOffset At);

/// <summary>The statements behind <see cref="Receipts"/>.</summary>
internal static class ReceiptSql
{
    public static async Task<ReceiptHead> LockHeadAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancellationToken)
    {
        await connection.Sql("insert into receipt_heads (campaign_id, workspace_id, sequence, mac) select id, workspace_id, 0, $2 from campaigns where id = $1 on conflict do nothing", campaignId, ReceiptChain.Genesis).RunAsync(cancellationToken);
        return (await connection.Sql("select sequence, mac, date_trunc('milliseconds', clock_now()) from receipt_heads where campaign_id = $1 for update", campaignId)
            .FirstAsync(row => new ReceiptHead(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken))!;
    }

    public static async Task<List<ReceiptFacts>> FinishIntentsAsync(
        NpgsqlConnection connection, Guid campaignId, ReceiptHead head, IReadOnlyCollection<SeenEffect> seen, CancellationToken cancellationToken)
    {
        var sequence = head.Sequence;
        return await connection.Sql($"""
            update intents i set state = 'done', provider_id = seen.provider_id, look_up_after = null, reason = null, updated_at = clock_now()
            from unnest($2::uuid[], $3::text[]) as seen (id, provider_id)
            where i.id = seen.id and {SqlText.Check("i.campaign_id = $1")} and i.state in ('planned', 'sending', 'sent')
            returning i.workspace_id, i.id, i.account, i.kind, i.subject, i.lead_id, i.content_hash, i.provider_id
            """, campaignId, seen.Select(effect => effect.IntentId).ToArray(), seen.Select(effect => effect.ProviderId).ToArray())
            .ListAsync(row => new ReceiptFacts(campaignId, ++sequence, row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.IsDBNull(5) ? null : row.GetGuid(5), row.Nullable<byte[]>(6), row.GetString(7), head.At), cancellationToken);
    }

    public static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<ReceiptFacts> receipts, byte[][] macs, CancellationToken cancellationToken)
    {
        // Not by COPY: PostgreSQL has none for a role whose rows are secured.
        await connection.Sql("""
            insert into receipts (campaign_id, sequence, workspace_id, intent_id, account, kind, subject, lead_id, content_hash, provider_id, at, mac)
            select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::bytea[], $10::text[], $11::timestamptz[], $12::bytea[])
            """,
            All(receipt => receipt.CampaignId), All(receipt => receipt.Sequence), All(receipt => receipt.WorkspaceId), All(receipt => receipt.IntentId), All(receipt => receipt.Account),
            All(receipt => receipt.Kind), All(receipt => receipt.Subject), All(receipt => receipt.LeadId), All(receipt => receipt.ContentHash), All(receipt => receipt.ProviderId),
            All(receipt => receipt.At), macs).RunAsync(cancellationToken);

        T[] All<T>(Func<ReceiptFacts, T> value) => [.. receipts.Select(value)];
    }

    public static Task MoveHeadAsync(NpgsqlConnection connection, Guid campaignId, long sequence, byte[] mac, CancellationToken cancellationToken) =>
        connection.Sql("update receipt_heads set sequence = $2, mac = $3 where campaign_id = $1", campaignId, sequence, mac).RunAsync(cancellationToken);
}
