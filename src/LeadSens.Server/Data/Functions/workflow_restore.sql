-- Brings an exported instance back with its waits and its inbox; answers why not. As in a commit, stimuli that came before their bookmark wait for it.
create or replace function workflow_restore(file jsonb) returns text language plpgsql as $$
declare
    i workflow_instances := jsonb_populate_record(null::workflow_instances, file -> 'instance');
    keys constant text[] := array(select b ->> 'key' from jsonb_array_elements(file -> 'bookmarks') b);
begin
    perform workflow_lock_keys(keys);
    if not exists (select from workflow_definitions d where d.version_id = i.definition_version_id and (d.workspace_id = i.workspace_id
        or d.workspace_id is null)) then
        return 'The version of the workflow that it runs is not here.';
    end if;
    i.claim_token := null;
    i.lease_node := null;
    i.lease_until := null;
    i.failures := 0;
    i.retry_at := null;
    i.activation_key := case when i.status = 'Running' then i.activation end;
    i.runnable := i.status = 'Running' and i.sub_status in ('Pending', 'Executing', 'Interrupted');
    insert into workflow_instances select i.* on conflict (id) do nothing;
    if not found then
        return 'It exists already, and is not overwritten.';
    end if;
    insert into workflow_bookmarks select b.* from jsonb_populate_recordset(null::workflow_bookmarks, file -> 'bookmarks') b where b.instance_id = i.id
        and not exists (select from workflow_bookmarks x where x.id = b.id);
    insert into workflow_resumptions (id, instance_id, bookmark_id, payload)
        select r.id, i.id, r.bookmark_id, r.payload from jsonb_to_recordset(file -> 'inbox') r (id uuid, bookmark_id uuid, payload text)
            on conflict do nothing;
    with early as (update stimuli s set status = 'Delivered' where s.key = any (keys) and s.status = 'Waiting' returning s.id, s.key, s.payload),
        taken as (update workflow_bookmarks b set state = case when b.stays then 0 else 1 end where b.instance_id = i.id and b.state = 0
            and b.key in (select key from early)
            returning b.id, b.key, b.stays),
        matched as (select distinct on (case when taken.stays then early.id else taken.id end) taken.id as bookmark_id, early.id as stimulus_id, early.payload
            from taken join early on early.key = taken.key)
        insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
        select gen_random_uuid(), i.id, m.bookmark_id, m.stimulus_id, m.payload from matched m;
    return null;
end $$;
