-- Trigger of campaign_count_changes, where whatever changes a figure appends.
create or replace function note_counts_change() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select distinct a.workspace_id, 'campaign', a.campaign_id
        from appended a join workspace_watches w on w.workspace_id = a.workspace_id and w.watched_until > clock_now();
    return null;
end $$;
create or replace trigger note_added after insert on campaign_count_changes referencing new table as appended
    for each statement execute function note_counts_change();
