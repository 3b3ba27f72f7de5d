using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Push;

/// <summary>Whether a campaign's receipts are whole.</summary>
/// <param name="Fault">What is wrong with the first bad one; null when the chain holds.</param>
/// <param name="FaultAt">The sequence number where the chain breaks.</param>
internal sealed record ReceiptVerdict(bool Valid, long Receipts, string? Fault = null, long? FaultAt = null);

/// <summary>Walks a campaign's chain from its start: every code fits its receipt and the one before, no number is missing, the end is
/// the head's, and every effect that was found has its receipt.</summary>
internal sealed class VerifyReceipts(Database database, SigningKeys keys)
{
    private const int PerRead = 1_000;

    public async Task<ReceiptVerdict> ExecuteAsync(Guid workspaceId, Guid campaignId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var (sequence, mac) = (0L, ReceiptChain.Genesis);
        while (true)
        {
            var page = await ReceiptRows.ReadAsync(connection, workspaceId, campaignId, sequence, PerRead, cancellationToken);
            foreach (var (facts, stored, erasure) in page)
            {
                if (facts.Sequence != sequence + 1) return new(false, sequence, "A receipt is missing.", sequence + 1);
                if (!Holds(stored, mac, facts, erasure)) return new(false, sequence, "A receipt was changed, or its predecessor was.", facts.Sequence);
                (sequence, mac) = (facts.Sequence, stored);
            }
            if (page.Count < PerRead) return await EndAsync(connection, workspaceId, campaignId, sequence, mac, cancellationToken);
        }
    }

    /// <summary>Of an erased person's receipt what is left is covered by a code of its own; the first one stays the link to the next.</summary>
    private bool Holds(byte[] stored, byte[] previous, ReceiptFacts facts, byte[]? erasure) => erasure is null
        ? keys.Verify(SigningUse.Receipts, stored, key => ReceiptChain.Mac(key, previous, facts))
        : keys.Verify(SigningUse.Receipts, erasure, key => ReceiptChain.ErasureMac(key, previous, stored, facts));

    private static async Task<ReceiptVerdict> EndAsync(NpgsqlConnection connection, Guid workspaceId, Guid campaignId, long sequence, byte[] mac, CancellationToken cancellationToken)
    {
        var end = await connection.Sql("""
            select coalesce((select sequence = $3 and mac = $4 from receipt_heads where campaign_id = $2), $3 = 0),
                (select count(*) from intents where workspace_id = $1 and campaign_id = $2 and state = 'done') = $3
            """, workspaceId, campaignId, sequence, mac).FirstAsync(row => (Head: row.GetBoolean(0), Effects: row.GetBoolean(1)), cancellationToken);
        if (!end.Head) return new(false, sequence, "The chain ends before its head.", sequence + 1);
        return end.Effects ? new(true, sequence) : new(false, sequence, "There are more or fewer effects than receipts.");
    }
}
