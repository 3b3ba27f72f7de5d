-- What an ended instance leaves: stimuli that no burst will consume are closed with the reason; its waits stay as burned, so that a late
-- stimulus is closed when it comes.
create or replace function workflow_close(instance uuid, why text) returns void language plpgsql as $$
begin
    update workflow_bookmarks b set state = 2 where b.instance_id = instance and b.state < 2;
    with gone as (delete from workflow_resumptions r where r.instance_id = instance returning r.stimulus_id)
        update stimuli s set status = 'Closed', reason = why from gone where s.id = gone.stimulus_id and not s.broadcast;
end $$;
