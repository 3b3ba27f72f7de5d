-- A campaign's figures. Each statement that changes one appends how much (campaign_count_changes), so that nobody who writes waits for anybody; a sweep folds
-- that into the campaign's own row a few seconds later. The figures are the sum of both at every moment (campaign_count_parts), and never counted from the
-- leads.
create table campaign_counts (
    campaign_id uuid primary key,
    workspace_id uuid not null,
    sourced bigint not null default 0,
    duplicates bigint not null default 0,
    suppressed bigint not null default 0,
    scored bigint not null default 0,
    skipped bigint not null default 0,
    qualified bigint not null default 0,
    enriched bigint not null default 0,
    verified bigint not null default 0,
    not_verified bigint not null default 0,
    needs_review bigint not null default 0,
    drafted bigint not null default 0,
    rejected bigint not null default 0,
    synced bigint not null default 0,
    failed bigint not null default 0,
    approved bigint not null default 0,       -- leads that the last decision about them approved
    intents bigint not null default 0,        -- to add a lead at the provider
    pushed bigint not null default 0,
    refused bigint not null default 0,
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade) with (fillfactor = 50);

-- No key to the campaign: it would lock the campaign's row after those of its leads.
create table campaign_count_changes (like campaign_counts including defaults);
create index on campaign_count_changes (campaign_id);

create view campaign_count_parts as select * from campaign_counts union all select * from campaign_count_changes;

-- Leads of a campaign that count alike.
create type lead_group as (campaign_id uuid, workspace_id uuid, status text, scored boolean, enrichment text, verification text, drafted boolean, leads bigint);

-- What a statement changed of leads, as figures. One that changes none appends nothing.
create function leads_count() returns trigger language plpgsql as $$
declare groups lead_group[];
begin
    if tg_op = 'UPDATE' then
        select array_agg(row(g.*)::lead_group) into groups from (
            select campaign_id, workspace_id, status, score is not null, enrichment_status, verification_status, drafted_at is not null, sum(n) as leads
            from (select campaign_id, workspace_id, status, score, enrichment_status, verification_status, drafted_at, 1 as n from changed_leads
                union all
                select campaign_id, workspace_id, status, score, enrichment_status, verification_status, drafted_at, -1 from former_leads) l
            group by 1, 2, 3, 4, 5, 6, 7 having sum(n) <> 0) g;
    else
        select array_agg(row(g.*)::lead_group) into groups from (
            select campaign_id, workspace_id, status, score is not null, enrichment_status, verification_status, drafted_at is not null,
                count(*) * case tg_op when 'INSERT' then 1 else -1 end as leads
            from changed_leads group by 1, 2, 3, 4, 5, 6, 7) g;
    end if;
    if groups is null then
        return null;
    end if;
    insert into campaign_count_changes (campaign_id, workspace_id, sourced, duplicates, suppressed, scored, skipped, qualified, enriched,
        verified, not_verified, needs_review, drafted, rejected, synced, failed)
    select g.campaign_id, g.workspace_id, sum(g.leads),
        sum(g.leads * (g.status = 'Duplicate')::int),
        sum(g.leads * (g.status = 'Suppressed')::int),
        sum(g.leads * g.scored::int),
        sum(g.leads * (g.status = 'Skipped')::int),
        sum(g.leads * (g.scored and g.status not in ('Scored', 'Skipped'))::int),
        sum(g.leads * (g.enrichment = 'Enriched')::int),
        sum(g.leads * (g.verification = 'Verified')::int),
        sum(g.leads * (g.verification = 'NotVerified')::int),
        sum(g.leads * (g.verification = 'NeedsReview')::int),
        sum(g.leads * g.drafted::int),
        sum(g.leads * (g.status = 'Rejected')::int),
        sum(g.leads * (g.status = 'Synced')::int),
        sum(g.leads * (g.status = 'Failed')::int)
    from unnest(groups) g group by g.campaign_id, g.workspace_id;
    return null;
end $$;
create trigger count_added after insert on leads referencing new table as changed_leads for each statement execute function leads_count();
create trigger count_changed after update on leads referencing new table as changed_leads old table as former_leads
    for each statement execute function leads_count();
create trigger count_removed after delete on leads referencing old table as changed_leads for each statement execute function leads_count();

-- The same for what is pushed.
create function intents_count() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        insert into campaign_count_changes (campaign_id, workspace_id, intents, pushed, refused)
        select campaign_id, workspace_id, sum(n), sum(n * (state = 'done')::int), sum(n * (state = 'refused')::int)
        from (select campaign_id, workspace_id, state, 1 as n from changed_intents where kind = 'lead.add'
            union all select campaign_id, workspace_id, state, -1 from former_intents where kind = 'lead.add') i
        group by 1, 2 having sum(n) <> 0 or sum(n * (state = 'done')::int) <> 0 or sum(n * (state = 'refused')::int) <> 0;
    else
        insert into campaign_count_changes (campaign_id, workspace_id, intents, pushed, refused)
        select campaign_id, workspace_id, sum(n), sum(n * (state = 'done')::int), sum(n * (state = 'refused')::int)
        from (select campaign_id, workspace_id, state, case tg_op when 'INSERT' then 1 else -1 end as n
            from changed_intents where kind = 'lead.add') i
        group by 1, 2;
    end if;
    return null;
end $$;
create trigger count_added after insert on intents referencing new table as changed_intents for each statement execute function intents_count();
create trigger count_changed after update on intents referencing new table as changed_intents old table as former_intents
    for each statement execute function intents_count();
create trigger count_removed after delete on intents referencing old table as changed_intents for each statement execute function intents_count();

-- A decision counts its campaign's approved leads anew: it holds the campaign, so that two come one after the other, and touches as many rows itself. Called
-- when the approval has its last hash, which is after its leads have their decisions.
create function approved_count() returns trigger language plpgsql as $$
begin
    insert into campaign_count_changes (campaign_id, workspace_id, approved)
    select new.campaign_id, new.workspace_id, now_approved.leads - known.leads
    from (select count(*) as leads from (
            select distinct on (al.lead_id) al.decision from approvals a join approval_leads al on al.approval_id = a.id
            where a.workspace_id = new.workspace_id and a.campaign_id = new.campaign_id and a.status in ('approved', 'rejected', 'changes_requested')
            order by al.lead_id, a.id desc) latest where latest.decision = 'approve') now_approved,
        (select coalesce(sum(p.approved), 0) as leads from campaign_count_parts p
            where p.workspace_id = new.workspace_id and p.campaign_id = new.campaign_id) known
    where now_approved.leads <> known.leads;
    return null;
end $$;
create trigger count_approved after update of status on approvals for each row
    when (new.status in ('approved', 'rejected', 'changes_requested') and new.decided_hash is distinct from old.decided_hash) execute function approved_count();

-- What is there already. The triggers hold back whoever writes until this is committed.
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
    group by 1) a on a.campaign_id = c.id;
