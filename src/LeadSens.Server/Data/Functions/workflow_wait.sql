-- Writes the bookmarks of bursts that were written, and gives them the directed stimuli that were here before: one that stays takes them all.
create or replace function workflow_wait(
    instances uuid[], mark_instances uuid[], mark_ids uuid[], mark_names text[], mark_keys text[], mark_nodes text[], mark_activities text[],
        mark_types text[],
    mark_executions uuid[], mark_payloads text[], mark_waits text[], mark_due interval[], mark_stays boolean[])
returns void language plpgsql as $$
begin
    insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, payload, waits_for, due_at, stays,
        created_at)
        select m.id, m.instance, m.name, m.key, m.node, m.activity, m.type, m.execution, m.payload, m.waits, case when m.due is not null
            then clock_now() + m.due end, m.stays, clock_timestamp()
        from unnest(mark_instances, mark_ids, mark_names, mark_keys, mark_nodes, mark_activities, mark_types, mark_executions, mark_payloads, mark_waits,
            mark_due, mark_stays)
            m (instance, id, name, key, node, activity, type, execution, payload, waits, due, stays)
        where m.instance = any (instances);
    perform from stimuli s where s.key = any (mark_keys) and s.status = 'Waiting' limit 1;
    if not found then
        return;
    end if;
    with early as (update stimuli s set status = 'Delivered', workspace_id = coalesce(s.workspace_id, workflow_workspace_of(s.key))
        where s.key = any (mark_keys) and s.status = 'Waiting'
            and exists (select from workflow_bookmarks b where b.id = any (mark_ids) and b.key = s.key) returning s.id, s.key, s.payload),
        taken as (update workflow_bookmarks b set state = case when b.stays then 0 else 1 end, due_at = case when b.stays then b.due_at end
            where b.id = any (mark_ids) and b.key in (select key from early) returning b.id, b.instance_id, b.key, b.stays),
        matched as (select distinct on (case when taken.stays then early.id else taken.id end) taken.id as bookmark_id, taken.instance_id,
            early.id as stimulus_id, early.payload
            from taken join early on early.key = taken.key)
        insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
        select gen_random_uuid(), m.instance_id, m.bookmark_id, m.stimulus_id, m.payload from matched m;
end $$;
