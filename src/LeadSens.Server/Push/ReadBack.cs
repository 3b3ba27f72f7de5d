using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Leads;

namespace LeadSens.Server.Push;

/// <summary>Reads the provider's campaign page by page, and ends as pushed, with a receipt, whoever is there. The look-up after a lost
/// answer and the read-back after an answer are this same pass; neither holds more than a thousand leads.</summary>
internal sealed class ReadBack(Database database, ProviderFor<CampaignSender> sender, Reads reads, Receipts receipts)
{
    private const int LeadsPerWrite = 1_000;

    /// <summary>Null, or why the pass did not reach the end.</summary>
    public async Task<ProviderFailure?> RunAsync(PushTarget target, CancellationToken cancellationToken)
    {
        var seen = new List<SentLead>(LeadsPerWrite);
        var walk = PageWalk.Through(sender.Name, await CountAsync(target, cancellationToken));
        string? cursor = null;
        do
        {
            var after = cursor;
            var page = await reads.ReadAsync(
                () => sender.Part.ListLeadsAsync(target.Account, target.ProviderCampaignId, after, cancellationToken), cancellationToken);
            if (!page.Succeeded) return page.Failure;
            seen.AddRange(page.Value.Items);
            cursor = walk.After(page.Value);
            if (seen.Count < LeadsPerWrite && cursor is not null) continue;
            await StoreAsync(target, seen, cancellationToken);
            seen.Clear();
        }
        while (cursor is not null);
        return walk.Failure;
    }

    /// <summary>The leads that the campaign was ever to have.</summary>
    private Task<long> CountAsync(PushTarget target, CancellationToken cancellationToken) =>
        database.Sql("select count(*) from intents where campaign_id = $1 and kind = 'lead.add'", target.CampaignId).FirstAsync(row => row.GetInt64(0), cancellationToken);

    private async Task StoreAsync(PushTarget target, List<SentLead> seen, CancellationToken cancellationToken)
    {
        if (seen.Count == 0) return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var there = seen.Where(lead => lead.Email is not null).DistinctBy(lead => LeadAddress.KeyOf(lead.Email)).ToList();
        var open = await connection.Sql("""
            select i.id, s.provider_id from unnest($3::text[], $4::text[]) as s (email, provider_id)
            cross join lateral (select id, state from intents where account = $1 and kind = 'lead.add' and subject = $2::text || '/' || s.email offset 0) i
            where i.state in ('planned', 'sending', 'sent')
            """, target.Account.AccountKey, target.CampaignId, there.Select(lead => LeadAddress.KeyOf(lead.Email)).ToArray(), there.Select(lead => lead.Id).ToArray())
            .ListAsync(row => new SeenEffect(row.GetGuid(0), row.GetString(1)), cancellationToken);
        if (open.Count == 0) return;
        var completed = await receipts.CompleteAsync(connection, target.CampaignId, open, cancellationToken);
        await connection.Sql($"update leads set {LeadMoves.Push.Set()}, updated_at = clock_now() where id = any($1) and {LeadMoves.Push.Takes("leads")}",
            completed.Select(receipt => receipt.LeadId!.Value).ToArray()).RunAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
