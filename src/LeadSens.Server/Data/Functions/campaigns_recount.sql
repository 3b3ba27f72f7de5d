-- Counts the figures of all campaigns anew: after the upgrade to kept figures, and whenever this text changes, as it does with what counts (leads_count,
-- intents_count, approved_count).
create or replace function campaigns_recount() returns void language sql as $$
    -- Nobody writes meanwhile what is counted.
    lock table leads, intents, approvals in share row exclusive mode;
    delete from campaign_count_changes;
    insert into campaign_counts (campaign_id, workspace_id, sourced, duplicates, suppressed, scored, skipped, qualified, enriched,
        verified, not_verified, needs_review, drafted, rejected, synced, failed, approved, intents, pushed, refused)
    select c.id, c.workspace_id,
        coalesce(l.sourced, 0), coalesce(l.duplicates, 0), coalesce(l.suppressed, 0), coalesce(l.scored, 0), coalesce(l.skipped, 0), coalesce(l.qualified, 0),
        coalesce(l.enriched, 0), coalesce(l.verified, 0), coalesce(l.not_verified, 0), coalesce(l.needs_review, 0), coalesce(l.drafted, 0),
        coalesce(l.rejected, 0), coalesce(l.synced, 0), coalesce(l.failed, 0), coalesce(a.approved, 0), coalesce(i.intents, 0), coalesce(i.pushed, 0),
        coalesce(i.refused, 0)
    from campaigns c
    left join (
        select campaign_id, count(*) as sourced,
            count(*) filter (where status = 'Duplicate') as duplicates,
            count(*) filter (where status = 'Suppressed') as suppressed,
            count(*) filter (where score is not null) as scored,
            count(*) filter (where status = 'Skipped') as skipped,
            count(*) filter (where score is not null and status not in ('Scored', 'Skipped')) as qualified,
            count(*) filter (where enrichment_status = 'Enriched') as enriched,
            count(*) filter (where verification_status = 'Verified') as verified,
            count(*) filter (where verification_status = 'NotVerified') as not_verified,
            count(*) filter (where verification_status = 'NeedsReview') as needs_review,
            count(*) filter (where drafted_at is not null) as drafted,
            count(*) filter (where status = 'Rejected') as rejected,
            count(*) filter (where status = 'Synced') as synced,
            count(*) filter (where status = 'Failed') as failed
        from leads group by 1) l on l.campaign_id = c.id
    left join (
        select campaign_id, count(*) as intents, count(*) filter (where state = 'done') as pushed, count(*) filter (where state = 'refused') as refused
        from intents where kind = 'lead.add' group by 1) i on i.campaign_id = c.id
    left join (
        select campaign_id, count(*) filter (where decision = 'approve') as approved from (
            select distinct on (al.lead_id) a.campaign_id, al.decision from approvals a join approval_leads al on al.approval_id = a.id
            where a.status in ('approved', 'rejected', 'changes_requested') order by al.lead_id, a.id desc) latest
        group by 1) a on a.campaign_id = c.id
    on conflict (campaign_id) do update set
        sourced = excluded.sourced, duplicates = excluded.duplicates, suppressed = excluded.suppressed, scored = excluded.scored,
        skipped = excluded.skipped, qualified = excluded.qualified, enriched = excluded.enriched, verified = excluded.verified,
        not_verified = excluded.not_verified, needs_review = excluded.needs_review, drafted = excluded.drafted, rejected = excluded.rejected,
        synced = excluded.synced, failed = excluded.failed, approved = excluded.approved, intents = excluded.intents, pushed = excluded.pushed,
        refused = excluded.refused;
$$;
select campaigns_recount();
