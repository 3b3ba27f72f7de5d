using LeadSens.Server.Approvals;
using LeadSens.Server.Data;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Push;

/// <summary>A lead that is marked as sending.</summary>
internal sealed record SendingLead(Guid IntentId, int Attempts, OutgoingLead Lead);

/// <summary>The next leads of a push.</summary>
/// <param name="Picked">Leads that were looked at; 0: none is left.</param>
/// <param name="Last">The last of them.</param>
internal sealed record PushChunk(int Picked, Guid Last, IReadOnlyList<SendingLead> Sending)
{
    private const string OnTheList = "It is on the suppression list.";

    /// <summary>Picks approved leads, leaves those with a request under way alone, checks each once more, and writes its intent: sending, or refused with
    /// the reason. The duplicates' check sees the intents of other campaigns because all marks of an account come one after the other.</summary>
    private static readonly string MarkSql = $"""
        with next as materialized (
            select id from leads where campaign_id = $1 and status = 'Approved' and id > $2 order by id limit $4),
        picked as materialized (
            select l.*, coalesce(l.email_key, '') as key, {ContentHash.OfLead("l")} as current_hash,
                (select al.decided_hash from approval_leads al join approvals a on a.id = al.approval_id
                 where al.lead_id = l.id and a.status not in ('pending', 'cancelled', 'timed_out') order by a.created_at desc limit 1) as approved_hash,
                (select i.state from intents i
                 where i.account = $3 and i.kind = 'lead.add' and i.subject = $1::text || '/' || coalesce(l.email_key, '')) as state
            from next join leads l on l.id = next.id),
        judged as (
            select p.*, case
                when key = '' then 'It has no e-mail address.'
                when approved_hash is null then 'It is not approved.'
                when current_hash is distinct from approved_hash then 'Its mails or its address changed after the approval.'
                when verification_status <> 'Verified' then 'Its e-mail address is not verified.'
                when {SuppressionSql.Holding("p.workspace_id", "p.key", "$7", "$8")} is not null then '{OnTheList}'
                when exists (
                  select from (
                    select a.* from leads a where a.workspace_id = p.workspace_id and a.email_key = key
                    union all select a.* from leads a where a.contact_id = p.contact_id and {SqlText.Check("a.workspace_id = p.workspace_id")}) o
                  where o.id <> p.id and (o.status in ('Pushed', 'Synced', 'Replied') or o.campaign_id = p.campaign_id and o.status = 'Approved' and o.id < p.id
                      or exists (select from intents i where i.lead_id = o.id and i.kind = 'lead.add' and i.state in ('sending', 'sent', 'done')))) then 'The same address was pushed already.'
                end as refusal
            from picked p where state is null or state = 'planned'),
        written as (
            insert into intents (id, workspace_id, campaign_id, account, kind, subject, lead_id, state, content_hash, fence, attempts, look_up_after, reason, created_at, updated_at)
            select new_id(), workspace_id, campaign_id, $3, 'lead.add',
                $1::text || '/' || key || case when refusal is null then '' else '#' || id end, id,
                case when refusal is null then 'sending' else 'refused' end, approved_hash, $5, case when refusal is null then 1 else 0 end,
                case when refusal is null then clock_now() + $6 end, refusal, clock_now(), clock_now()
            from judged
            on conflict (account, kind, subject) do update set state = excluded.state, content_hash = excluded.content_hash, fence = excluded.fence,
                attempts = intents.attempts + 1, look_up_after = excluded.look_up_after, reason = null, updated_at = excluded.updated_at, lead_id = excluded.lead_id
                where intents.state = 'planned'
            returning id, lead_id, attempts, state),
        refused as (
            update leads l set {LeadMoves.Refuse.Set(LeadStatus.Failed, ($"j.refusal = '{OnTheList}'", LeadStatus.Suppressed))},
                failure = j.refusal, exclusion_reason = j.refusal, updated_at = clock_now()
            from judged j where j.refusal is not null and l.id = j.id and {LeadMoves.Refuse.Takes("l")})
        select p.id, w.id, w.attempts, p.email, p.first_name, p.last_name, p.company_name, p.job_title, p.website, d.steps, d.subjects, d.bodies
        from picked p left join written w on w.lead_id = p.id and w.state = 'sending'
        left join lateral (select array_agg(step order by step) as steps, array_agg(subject order by step) as subjects, array_agg(body order by step) as bodies
            from drafts where lead_id = p.id) d on w.id is not null
        order by p.id
        """;

    /// <summary>Marks durably. Null when the fence is lost, or the campaign is paused or cancelled.</summary>
    public static async Task<PushChunk?> MarkAsync(Database database, PushTarget target, Guid after, int size, SuppressionKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Sql("select pg_advisory_xact_lock(hashtextextended('push:' || $1, 0))", target.Account.AccountKey).RunAsync(cancellationToken);
        var allowed = await connection.Sql("""
            select true from push_writers w join campaigns c on c.id = w.campaign_id
            where w.campaign_id = $1 and w.fence = $2 and c.status not in ('Paused', 'Cancelled') for share of w
            """, target.CampaignId, target.Fence).FirstAsync(row => true, cancellationToken);
        if (!allowed) return null;
        // The tables were filled a moment ago and have no statistics: a plan that was made while they were empty scans them whole for
        // every lead and is kept. Every look-up below has its index.
        await connection.Sql("set local enable_seqscan = off").RunAsync(cancellationToken);
        var last = Guid.Empty;
        var rows = await connection.Sql(MarkSql, target.CampaignId, after, target.Account.AccountKey, size, target.Fence, target.Times.Blind, key.Inner, key.Outer).ListAsync(row =>
        {
            last = row.GetGuid(0);
            return row.IsDBNull(1) ? null : Read(row);
        }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(rows.Count, last, [.. rows.OfType<SendingLead>()]);
    }

    private static SendingLead Read(NpgsqlDataReader row) => new(row.GetGuid(1), row.GetInt32(2),
        new(row.GetString(3), Texts(row.GetFieldValue<int[]>(9), row.GetFieldValue<string[]>(10), row.GetFieldValue<string[]>(11)))
    {
        FirstName = row.Nullable<string>(4),
        LastName = row.Nullable<string>(5),
        CompanyName = row.Nullable<string>(6),
        JobTitle = row.Nullable<string>(7),
        Website = row.Nullable<string>(8),
    });

    private static Dictionary<string, string> Texts(int[] steps, string[] subjects, string[] bodies)
    {
        var texts = new Dictionary<string, string>(steps.Length * 2);
        for (var i = 0; i < steps.Length; i++) (texts[$"subject_{steps[i]}"], texts[$"body_{steps[i]}"]) = (subjects[i], bodies[i]);
        return texts;
    }
}
