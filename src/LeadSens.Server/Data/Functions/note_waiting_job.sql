-- Trigger of jobs: what a campaign waits for may stand in the one job of its batch.
create or replace function note_waiting_job() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select new.workspace_id, 'campaign', new.campaign_id from workspace_watches w
        where w.workspace_id = new.workspace_id and w.watched_until > clock_now() and exists (select from batches b where b.id = new.batch_id and b.total = 1);
    return null;
end $$;
create or replace trigger note_campaign after update of state, failure on jobs for each row
    when (new.campaign_id is not null and (old.failure is not null and old.state = 'Queued' or new.failure is not null and new.state = 'Queued')
        and (old.state <> new.state or old.failure is distinct from new.failure))
    execute function note_waiting_job();
