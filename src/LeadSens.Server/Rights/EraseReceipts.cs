using LeadSens.Server.Data;
using LeadSens.Server.Push;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Rights;

/// <summary>Takes the address out of receipts without breaking their chain. A receipt's code covers the address, so once that is gone it cannot be computed again: a second code,
/// made here while the first still holds, covers what is left. The codes that follow build on the first one, which stays.</summary>
internal sealed class EraseReceipts(SigningKeys keys)
{
    private const string FindSql = """
        select r.campaign_id, r.sequence, r.workspace_id, r.intent_id, r.account, r.kind, r.subject, r.lead_id, r.content_hash, r.provider_id, r.at, r.mac, coalesce(p.mac, $3)
        from receipts r left join receipts p on p.campaign_id = r.campaign_id and p.sequence = r.sequence - 1
        where r.workspace_id = $1 and r.lead_id = any($2) and r.erasure_mac is null for update of r
        """;

    public async Task ExecuteAsync(NpgsqlConnection connection, Guid workspaceId, Guid[] leads, CancellationToken cancellationToken)
    {
        var found = await connection.Sql(FindSql, workspaceId, leads, ReceiptChain.Genesis)
            .ListAsync(row => (Facts: ReceiptRows.Facts(row), Mac: row.GetFieldValue<byte[]>(11), Previous: row.GetFieldValue<byte[]>(12)), cancellationToken);
        foreach (var (facts, mac, previous) in found)
        {
            var left = facts with { Subject = $"{facts.CampaignId}/erased/{facts.IntentId}" };
            await connection.Sql("update receipts set subject = $3, erasure_mac = $4 where campaign_id = $1 and sequence = $2",
                facts.CampaignId, facts.Sequence, left.Subject, Code(facts, left, mac, previous)).RunAsync(cancellationToken);
        }
    }

    /// <summary>None that holds, where the receipt was broken before: erasing must not heal it.</summary>
    private byte[] Code(ReceiptFacts facts, ReceiptFacts left, byte[] mac, byte[] previous) =>
        keys.Verify(SigningUse.Receipts, mac, key => ReceiptChain.Mac(key, previous, facts)) ? ReceiptChain.ErasureMac(keys.Current(SigningUse.Receipts), previous, mac, left) : [];
}
