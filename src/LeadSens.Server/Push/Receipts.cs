using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Push;

/// <summary>An effect that was seen at the provider.</summary>
internal readonly record struct SeenEffect(Guid IntentId, string ProviderId);

/// <summary>Ends intents as done and appends their receipts, in one transaction under the campaign's head-row lock.</summary>
internal sealed class Receipts(Database database, SigningKeys keys)
{
    /// <summary>For a single intent. Completing it twice writes one receipt.</summary>
    public async Task CompleteAsync(Guid intentId, string providerId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var campaignId = await connection.Sql("select campaign_id from intents where id = $1", intentId).FirstAsync(row => row.GetGuid(0), cancellationToken);
        await CompleteAsync(connection, campaignId, [new(intentId, providerId)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>For many intents of one campaign, in the caller's transaction. Answers those that it completed; the others were done before.</summary>
    public async Task<IReadOnlyList<ReceiptFacts>> CompleteAsync(
        NpgsqlConnection connection, Guid campaignId, IReadOnlyCollection<SeenEffect> seen, CancellationToken cancellationToken)
    {
        var head = await ReceiptSql.LockHeadAsync(connection, campaignId, cancellationToken);
        var completed = await ReceiptSql.FinishIntentsAsync(connection, campaignId, head, seen, cancellationToken);
        if (completed.Count == 0) return completed;
        var mac = head.Mac;
        var macs = new byte[completed.Count][];
        for (var i = 0; i < completed.Count; i++) macs[i] = mac = ReceiptChain.Mac(keys.Current(SigningUse.Receipts), mac, completed[i]);
        await ReceiptSql.InsertAsync(connection, completed, macs, cancellationToken);
        await ReceiptSql.MoveHeadAsync(connection, campaignId, completed[^1].Sequence, mac, cancellationToken);
        return completed;
    }
}
