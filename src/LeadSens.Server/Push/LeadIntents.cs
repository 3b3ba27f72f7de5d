using LeadSens.Server.Data;
using LeadSens.Server.Leads;

namespace LeadSens.Server.Push;

/// <summary>What is open in a campaign's push.</summary>
/// <param name="Sending">Leads whose request's outcome nobody knows.</param>
/// <param name="Sent">Leads that wait for their read-back.</param>
/// <param name="Unread">Of those, the ones that the provider confirmed by id.</param>
/// <param name="Settling">How long a request may still take effect; zero or less when that is over.</param>
internal sealed record OpenPush(int Sending, int Sent, int Unread, TimeSpan Settling, bool Cancelled);

/// <summary>The transitions of a campaign's lead intents after they were marked as sending.</summary>
internal sealed class LeadIntents(Database database)
{
    public async Task<OpenPush> OpenAsync(Guid campaignId, CancellationToken cancellationToken) =>
        (await database.Sql("""
            select count(*) filter (where state = 'sending'), count(*) filter (where state = 'sent'), count(*) filter (where state = 'sent' and provider_id is not null),
                coalesce(max(look_up_after) - clock_now(), '0'), (select status = 'Cancelled' from campaigns where id = $1)
            from intents where campaign_id = $1 and kind = 'lead.add' and state in ('sending', 'sent')
            """, campaignId).FirstAsync(row => new OpenPush((int)row.GetInt64(0), (int)row.GetInt64(1), (int)row.GetInt64(2), row.GetTimeSpan(3), row.GetBoolean(4)), cancellationToken))!;

    /// <summary>Stores an answer: created leads have an id now; the others go by the read-back, with what the counts say as the reason.</summary>
    public Task<int> AnsweredAsync(PushTarget target, IReadOnlyList<SendingLead> chunk, AddedLeads answer, CancellationToken cancellationToken)
    {
        var created = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var lead in answer.Created)
            if (lead.Email is { } email) created.TryAdd(email.Trim(), lead.Id);
        return database.Sql("""
            update intents i set state = 'sent', provider_id = a.provider_id, look_up_after = clock_now() + $4, updated_at = clock_now(),
                reason = case when a.provider_id is null then $3::text end
            from unnest($1::uuid[], $2::text[]) as a (id, provider_id) where i.id = a.id and i.state = 'sending'
            """, Ids(chunk), chunk.Select(lead => created.GetValueOrDefault(lead.Lead.Email.Trim())).ToArray(), answer.Refusal, target.Times.SettleTime).RunAsync(cancellationToken);
    }

    /// <summary>Renews the mark of a chunk whose marking took long; false when another writer took over.</summary>
    public async Task<bool> MarkAgainAsync(PushTarget target, IReadOnlyList<SendingLead> chunk, CancellationToken cancellationToken) =>
        await database.Sql("""
            with writer as (select fence from push_writers where campaign_id = $1 and fence = $2 for share)
            update intents i set look_up_after = clock_now() + $4, updated_at = clock_now()
            from writer where i.id = any($3) and i.state = 'sending' and i.fence = writer.fence
            """, target.CampaignId, target.Fence, Ids(chunk), target.Times.Blind).RunAsync(cancellationToken) == chunk.Count;

    /// <summary>The provider refused the whole request before it did anything.</summary>
    public Task<int> NotSentAsync(IReadOnlyList<SendingLead> chunk, string reason, CancellationToken cancellationToken) =>
        database.Sql("update intents set state = 'planned', reason = $2, updated_at = clock_now() where id = any($1) and state = 'sending'", Ids(chunk), reason)
            .RunAsync(cancellationToken);

    /// <summary>After a look-up that began when every request had settled: what it did not see never took effect.</summary>
    public Task<int> NeverTookEffectAsync(Guid campaignId, CancellationToken cancellationToken) =>
        database.Sql("""
            update intents set state = 'planned', updated_at = clock_now()
            where campaign_id = $1 and kind = 'lead.add' and state = 'sending' and look_up_after <= clock_now()
            """, campaignId).RunAsync(cancellationToken);

    /// <summary>Ends leads as refused: one that its request alone was refused for, or (null) those that the provider took no notice of, for what it said
    /// then.</summary>
    public Task<int> RefuseAsync(Guid campaignId, Guid? intentId, string reason, CancellationToken cancellationToken) =>
        database.Sql($"""
            with refused as (
                update intents set state = 'refused', reason = case when $2::uuid is null then coalesce(reason, $3::text) else $3::text end, updated_at = clock_now()
                where campaign_id = $1 and kind = 'lead.add' and (id = $2::uuid and state in ('planned', 'sending')
                   or $2::uuid is null and state = 'sent' and provider_id is null and look_up_after <= clock_now())
                returning lead_id, reason)
            update leads l set {LeadMoves.Refuse.Set(LeadStatus.Failed)}, failure = r.reason, exclusion_reason = r.reason, updated_at = clock_now()
            from refused r where l.id = r.lead_id and {LeadMoves.Refuse.Takes("l")}
            """, campaignId, intentId, reason).RunAsync(cancellationToken);

    public async Task<(int Pushed, int Refused)> CountAsync(Guid campaignId, CancellationToken cancellationToken) =>
        await database.Sql("""
            select count(*) filter (where state = 'done'), count(*) filter (where state = 'refused') from intents where campaign_id = $1 and kind = 'lead.add'
            """, campaignId).FirstAsync(row => ((int)row.GetInt64(0), (int)row.GetInt64(1)), cancellationToken);

    private static Guid[] Ids(IReadOnlyList<SendingLead> chunk) => [.. chunk.Select(lead => lead.IntentId)];
}
