using System.Text.Json.Nodes;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Webhooks;

/// <summary>Replies, bounces and unsubscriptions. The newer of two events counts, in whichever order they come; who unsubscribed stays unsubscribed.</summary>
internal sealed class ApplyInstantly(SuppressionKeys salts, TimeProvider time)
{
    /// <summary>Both names of a reply arrive, whichever was subscribed to.</summary>
    private static readonly Dictionary<string, (string Status, string? Reason, string Fact)> Effects = new(StringComparer.Ordinal)
    {
        ["reply_received"] = (LeadStatus.Replied, null, "LeadReplied"), ["auto_reply_received"] = (LeadStatus.Replied, null, "LeadReplied"),
        ["email_bounced"] = (LeadStatus.Bounced, "The mail came back.", "LeadBounced"),
        ["lead_unsubscribed"] = (LeadStatus.Unsubscribed, "The person unsubscribed.", "LeadUnsubscribed"),
    };

    /// <summary>In the campaign that it is about; where Instantly names none that we know, wherever the address was written to.</summary>
    private static readonly string MoveSql = $"""
        update leads l set
            {LeadMoves.Answer.Set(LeadStatus.Replied, ($"$3 = '{LeadStatus.Bounced}'", LeadStatus.Bounced), ($"$3 = '{LeadStatus.Unsubscribed}'", LeadStatus.Unsubscribed))},
            exclusion_reason = coalesce($4::text, l.exclusion_reason), told_at = greatest(l.told_at, $5), updated_at = clock_now()
        from campaigns c
        where c.id = l.campaign_id and l.workspace_id = $1 and l.email_key = $2 and l.erased_at is null and {LeadMoves.Answer.Takes("l")}
            and ($3 = '{LeadStatus.Unsubscribed}' or l.told_at is null or l.told_at <= $5)
            and (c.push_campaign_id = $6 or not exists (select from campaigns o where o.workspace_id = $1 and o.push_campaign_id = $6))
        returning l.id, l.campaign_id
        """;

    private const string FindSql = "select id from leads where workspace_id = $1 and email_key = $2 and erased_at is null order by id desc limit 1";

    public async Task<WebhookEffect> ExecuteAsync(NpgsqlConnection connection, TakenWebhook told, byte[] body, CancellationToken cancellationToken)
    {
        if (InstantlyEvents.Read(body, time.GetUtcNow())?.Address is not { } address) return new(Known: false);
        if (await connection.Sql("select true from suppressions where workspace_id = $1 and hash = $2", told.WorkspaceId, told.AddressHash).FirstAsync(row => true, cancellationToken)) return new(Known: false, Forgets: true);
        var lead = await connection.Sql(FindSql, told.WorkspaceId, address).FirstAsync(row => (Guid?)row.GetGuid(0), cancellationToken);
        if (!Effects.TryGetValue(told.Type, out var effect)) return new(Known: false, lead);
        if (effect.Status == LeadStatus.Unsubscribed)
            await SuppressionRows.AddAsync(connection, told.WorkspaceId, [address], null, SuppressionSource.Unsubscribe, await salts.OfAsync(told.WorkspaceId, cancellationToken), cancellationToken);
        var moved = await connection.Sql(MoveSql, told.WorkspaceId, address, effect.Status, effect.Reason, told.OccurredAt, told.ObjectId ?? "")
            .ListAsync(row => (Lead: row.GetGuid(0), Campaign: row.GetGuid(1)), cancellationToken);
        await CampaignNews.TellAsync(connection, told.WorkspaceId, [.. moved.Select(one => one.Lead)], cancellationToken);
        await Outbox.AddAsync(connection, [.. moved.Select(one => new OutboxEvent(told.WorkspaceId, effect.Fact, new JsonObject { ["leadId"] = one.Lead, ["campaignId"] = one.Campaign }))], cancellationToken);
        return new(Known: true, moved.Count > 0 ? moved[0].Lead : lead);
    }
}
