-- Trigger of leads, by whole statements: appends what a statement changed of campaigns' figures. One that changes none appends nothing.
create or replace function leads_count() returns trigger language plpgsql as $$
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
create or replace trigger count_added after insert on leads referencing new table as changed_leads for each statement execute function leads_count();
create or replace trigger count_changed after update on leads referencing new table as changed_leads old table as former_leads
    for each statement execute function leads_count();
create or replace trigger count_removed after delete on leads referencing old table as changed_leads for each statement execute function leads_count();
