-- Trigger of approvals: a decision counts its campaign's approved leads anew. It holds the campaign, so that two come one after the other, and touches as many
-- rows itself. Called when the approval has its last hash, which is after its leads have their decisions.
create or replace function approved_count() returns trigger language plpgsql as $$
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
create or replace trigger count_approved after update of status on approvals for each row
    when (new.status in ('approved', 'rejected', 'changes_requested') and new.decided_hash is distinct from old.decided_hash) execute function approved_count();
