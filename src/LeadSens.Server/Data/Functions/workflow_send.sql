-- Writes stimuli and matches them with the bookmarks that wait. A broadcast also starts runs by the triggers that are in service now, unless it is for one
-- instance. Answers how many were new.
create or replace function workflow_send(ids uuid[], keys text[], dedupe_keys text[], broadcasts boolean[], payloads text[], instances uuid[],
    correlations text[]) returns int language plpgsql as $$
declare
    s record;
    fresh int := 0;
    reached bigint;
    started bigint;
begin
    perform workflow_lock_keys(keys);
    for s in select * from unnest(ids, keys, dedupe_keys, broadcasts, payloads, instances, correlations) u (id, key, dedupe_key, broadcast, payload,
        instance, correlation) loop
        insert into stimuli (id, key, dedupe_key, broadcast, payload, status, created_at)
            values (s.id, s.key, s.dedupe_key, s.broadcast, s.payload, 'Waiting', clock_timestamp())
            on conflict (dedupe_key) do nothing;
        continue when not found;
        fresh := fresh + 1;
        with taken as (update workflow_bookmarks b set state = case when b.stays then 0 else 1 end
                where b.key = s.key and b.state = 0 and (s.instance is null or b.instance_id = s.instance)
                    and (s.correlation is null or exists (select from workflow_instances i where i.id = b.instance_id and i.correlation_id = s.correlation))
                returning b.id, b.instance_id)
            insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
            select gen_random_uuid(), taken.instance_id, taken.id, s.id, s.payload from taken;
        get diagnostics reached = row_count;
        if s.broadcast and s.instance is null then
            insert into workflow_starts (id, workspace_id, definition_id, version_id, activity_id, trigger_id, stimulus_id, correlation_id, payload,
                created_at)
                select new_id(), t.workspace_id, t.definition_id, t.version_id, t.activity_id, t.id, s.id, s.correlation, s.payload, clock_timestamp()
                from workflow_triggers t where t.key = s.key;
            get diagnostics started = row_count;
            reached := reached + started;
        end if;
        if reached > 0 then
            update stimuli set status = 'Delivered', workspace_id = coalesce(workspace_id, workflow_workspace_of(s.key)) where id = s.id;
        elsif s.broadcast then
            update stimuli set status = 'Closed', reason = 'nobody waited' where id = s.id;
        elsif exists (select from workflow_bookmarks b where b.key = s.key) then
            update stimuli set status = 'Closed', reason = 'the wait was over', workspace_id = coalesce(workspace_id, workflow_workspace_of(s.key))
                where id = s.id;
        end if;
    end loop;
    return fresh;
end $$;
