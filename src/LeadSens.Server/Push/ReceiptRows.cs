using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Push;

/// <param name="ErasureMac">Of what is left, where the subject was erased.</param>
internal sealed record ChainedReceipt(ReceiptFacts Facts, byte[] Mac, byte[]? ErasureMac);

/// <summary>Reads receipts as they were chained.</summary>
internal static class ReceiptRows
{
    public static Task<List<ChainedReceipt>> ReadAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid campaignId, long after, int take, CancellationToken cancellationToken) =>
        connection.Sql("""
            select campaign_id, sequence, workspace_id, intent_id, account, kind, subject, lead_id, content_hash, provider_id, at, mac, erasure_mac
            from receipts where workspace_id = $1 and campaign_id = $2 and sequence > $3 order by sequence limit $4
            """, workspaceId, campaignId, after, take).ListAsync(row => new ChainedReceipt(Facts(row), row.GetFieldValue<byte[]>(11), row.Nullable<byte[]>(12)), cancellationToken);

    public static ReceiptFacts Facts(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), row.GetGuid(2), row.GetGuid(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.IsDBNull(7) ? null : row.GetGuid(7), row.Nullable<byte[]>(8), row.GetString(9), row.GetFieldValue<DateTimeOffset>(10));
}
