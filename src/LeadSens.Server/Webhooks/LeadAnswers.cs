using System.Text.Json.Nodes;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Webhooks;

/// <summary>What somebody who was written to did.</summary>
/// <param name="Fact">The event that others hear of.</param>
internal sealed record LeadAnswer(string Status, string? Reason, string Fact)
{
    public static readonly LeadAnswer Replied = new(LeadStatus.Replied, null, "LeadReplied");
    public static readonly LeadAnswer Bounced = new(LeadStatus.Bounced, "The mail came back.", "LeadBounced");
    public static readonly LeadAnswer Unsubscribed = new(LeadStatus.Unsubscribed, "The person unsubscribed.", "LeadUnsubscribed");
}

/// <summary>Replies, bounces and unsubscriptions. The newer of two events counts, in whichever order they come; who unsubscribed stays unsubscribed.</summary>
internal sealed class LeadAnswers(SuppressionKeys salts)
{
    /// <summary>In the campaign that it is about; where the provider names none that we know, wherever the address was written to.</summary>
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

    /// <param name="told">Its object is the provider's campaign.</param>
    /// <param name="address">The key of whose answer it is.</param>
    /// <param name="answer">Null: something else that concerns the person, which is kept and changes nothing.</param>
    public async Task<WebhookEffect> ApplyAsync(
        NpgsqlConnection connection, TakenWebhook told, string address, LeadAnswer? answer, CancellationToken cancellationToken)
    {
        if (await connection.Sql("select true from suppressions where workspace_id = $1 and hash = $2", told.WorkspaceId, told.AddressHash)
            .FirstAsync(row => true, cancellationToken))
            return new(Known: false, Forgets: true);
        var lead = await connection.Sql(FindSql, told.WorkspaceId, address).FirstAsync(row => (Guid?)row.GetGuid(0), cancellationToken);
        if (answer is null) return new(Known: false, lead);
        if (answer == LeadAnswer.Unsubscribed)
            await SuppressionRows.AddAsync(connection, told.WorkspaceId, [address], null, SuppressionSource.Unsubscribe, await salts.OfAsync(told.WorkspaceId, cancellationToken), cancellationToken);
        var moved = await connection.Sql(MoveSql, told.WorkspaceId, address, answer.Status, answer.Reason, told.OccurredAt, told.ObjectId ?? "")
            .ListAsync(row => (Lead: row.GetGuid(0), Campaign: row.GetGuid(1)), cancellationToken);
        await Outbox.AddAsync(connection, [.. moved.Select(one => FactOf(told.WorkspaceId, answer, one.Lead, one.Campaign))], cancellationToken);
        return new(Known: true, moved.Count > 0 ? moved[0].Lead : lead);
    }

    private static OutboxEvent FactOf(Guid workspaceId, LeadAnswer answer, Guid lead, Guid campaign) =>
        new(workspaceId, answer.Fact, new JsonObject { ["leadId"] = lead, ["campaignId"] = campaign });
}
