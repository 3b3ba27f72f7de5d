-- Turns bookmarks whose time has come into resumptions.
create or replace function workflow_fire_due(most int) returns int language plpgsql as $$
declare fired int;
begin
    with due as (
        select b.id from workflow_bookmarks b where b.state = 0 and b.due_at is not null and b.due_at <= (select clock_now())
        order by b.due_at limit most for update skip locked),
    taken as (update workflow_bookmarks b set state = 1, due_at = null from due where b.id = due.id returning b.id, b.instance_id)
    insert into workflow_resumptions (id, instance_id, bookmark_id) select gen_random_uuid(), taken.instance_id, taken.id from taken;
    get diagnostics fired = row_count;
    return fired;
end $$;
