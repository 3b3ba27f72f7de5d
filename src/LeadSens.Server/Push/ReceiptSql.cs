using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Push;

/// <summary>The end of a campaign's chain, locked, and the database's time.</summary>
internal sealed record ReceiptHead(long Sequence, byte[] Mac, DateTimeOffset At);

/// <summary>The statements behind <see cref="Receipts"/>.</summary>
internal static class ReceiptSql
{
    public static async Task<ReceiptHead> LockHeadAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancellationToken)
    {
        await connection.Sql("insert into receipt_heads values ($1, 0, $2) on conflict do nothing", campaignId, ReceiptChain.Genesis).RunAsync(cancellationToken);
        return (await connection.Sql("select sequence, mac, date_trunc('milliseconds', clock_now()) from receipt_heads where campaign_id = $1 for update", campaignId)
            .FirstAsync(row => new ReceiptHead(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<DateTimeOffset>(2)), cancellationToken))!;
    }

    public static async Task<List<ReceiptFacts>> FinishIntentsAsync(
        NpgsqlConnection connection, Guid campaignId, ReceiptHead head, IReadOnlyCollection<SeenEffect> seen, CancellationToken cancellationToken)
    {
        var sequence = head.Sequence;
        return await connection.Sql("""
            update intents i set state = 'done', provider_id = seen.provider_id, look_up_after = null, reason = null, updated_at = clock_now()
            from unnest($2::uuid[], $3::text[]) as seen (id, provider_id)
            where i.id = seen.id and i.campaign_id = $1 and i.state in ('planned', 'sending', 'sent')
            returning i.workspace_id, i.id, i.account, i.kind, i.subject, i.lead_id, i.content_hash, i.provider_id
            """, campaignId, seen.Select(effect => effect.IntentId).ToArray(), seen.Select(effect => effect.ProviderId).ToArray())
            .ListAsync(row => new ReceiptFacts(campaignId, ++sequence, row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.IsDBNull(5) ? null : row.GetGuid(5), row.Nullable<byte[]>(6), row.GetString(7), head.At), cancellationToken);
    }

    public static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<ReceiptFacts> receipts, byte[][] macs, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy receipts (campaign_id, sequence, workspace_id, intent_id, account, kind, subject, lead_id, content_hash, provider_id, at, mac) from stdin binary
            """, cancellationToken);
        for (var i = 0; i < receipts.Count; i++) await WriteAsync(copy, receipts[i], macs[i], cancellationToken);
        await copy.CompleteAsync(cancellationToken);
    }

    public static Task MoveHeadAsync(NpgsqlConnection connection, Guid campaignId, long sequence, byte[] mac, CancellationToken cancellationToken) =>
        connection.Sql("update receipt_heads set sequence = $2, mac = $3 where campaign_id = $1", campaignId, sequence, mac).RunAsync(cancellationToken);

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, ReceiptFacts receipt, byte[] mac, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(receipt.CampaignId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(receipt.Sequence, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(receipt.WorkspaceId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(receipt.IntentId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(receipt.Account, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(receipt.Kind, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(receipt.Subject, NpgsqlDbType.Text, cancellationToken);
        await NullableAsync(copy, receipt.LeadId, NpgsqlDbType.Uuid, cancellationToken);
        await NullableAsync(copy, receipt.ContentHash, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(receipt.ProviderId, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(receipt.At, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(mac, NpgsqlDbType.Bytea, cancellationToken);
    }

    private static Task NullableAsync(NpgsqlBinaryImporter copy, object? value, NpgsqlDbType type, CancellationToken cancellationToken) =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, type, cancellationToken);
}
