-- Trigger of tables with campaign_id and workspace_id: how the row's campaign looks changed.
create or replace function note_campaign_change() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select new.workspace_id, 'campaign', new.campaign_id from workspace_watches w where w.workspace_id = new.workspace_id and w.watched_until > clock_now();
    return null;
end $$;
create or replace trigger note_campaign after insert or update of status on approvals for each row execute function note_campaign_change();
create or replace trigger note_campaign after update of paused_reason, paused_detail, is_open on batches for each row
    when (new.campaign_id is not null and (old.paused_detail is distinct from new.paused_detail or old.is_open <> new.is_open))
    execute function note_campaign_change();
