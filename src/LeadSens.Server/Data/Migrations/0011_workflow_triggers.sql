-- What starts workflows without being asked: broadcasts and times. And which runs exclude each other.

-- A time-ordered id (version 7), so that what was started first is taken first.
create function workflow_new_id() returns uuid language sql volatile as $$
    select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- What the boxes of a version declare, in service or not. A shipped version is of no workspace: its keys carry the zero id in place of one.
create table workflow_version_triggers (
    version_id text not null,
    activity_id text not null,
    ordinal int not null,
    activity_type text not null,
    key text,                              -- of the broadcasts that start a run; null: only times do
    payload text,
    schedule text,                         -- the times that start a run, as the engine writes them; null: only broadcasts do
    exclusive boolean not null,            -- no other workflow of the workspace may have the key
    primary key (version_id, activity_id, ordinal));

-- Not yet declared: definitions from before this migration. The first start reads them once.
alter table workflow_definitions add column triggers_read boolean not null default false;
create index workflow_definitions_unread on workflow_definitions (version_id) where published and not triggers_read;

-- The triggers in service, by workspace.
create table workflow_triggers (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null,
    definition_id text not null,
    version_id text not null,
    activity_id text not null,
    ordinal int not null,
    activity_type text not null,
    key text,
    payload text,
    schedule text,
    exclusive boolean not null,
    since timestamptz not null,            -- times after this moment count
    due_at timestamptz,                    -- when to look at the schedule again; null: never
    unique (workspace_id, definition_id, activity_id, ordinal));
create index workflow_triggers_key on workflow_triggers (key) where key is not null;
create unique index workflow_triggers_exclusive on workflow_triggers (workspace_id, key) where exclusive;
create index workflow_triggers_due on workflow_triggers (due_at) where due_at is not null;

-- Starts that are decided and not yet runs, and refused ones with their reason.
create table workflow_starts (
    id uuid primary key,                   -- of the instance that it becomes
    workspace_id uuid not null,
    definition_id text not null,
    version_id text not null,
    activity_id text,                      -- the box at which the run begins
    trigger_id uuid,                       -- null: no trigger wants it, but a box of another run
    stimulus_id uuid,                      -- null: a time came
    parent_id uuid,                        -- the run whose box wants it
    correlation_id text,
    payload text,
    refused text,                          -- why it became no run; null: it waits for a node to take it
    created_at timestamptz not null);
create index workflow_starts_waiting on workflow_starts (id) where refused is null;
create index workflow_starts_refused on workflow_starts (trigger_id, created_at) where refused is not null;

-- The version that a new run of a workspace gets: an unedited copy says nothing that the newest shipped version does not say better.
create function workflow_published_version(p_workspace uuid, p_definition text) returns text language sql stable as $$
    select version_id from (
        select distinct on (workspace_id) * from workflow_definitions
        where definition_id = p_definition and (workspace_id = p_workspace or workspace_id is null) and published and deleted_at is null
        order by workspace_id, version desc) newest
    where not exists (select from workflow_definitions where definition_id = p_definition and workspace_id = p_workspace and retracted and deleted_at is null)
    order by (workspace_id is not null and body_hash is distinct from shipped_hash) desc, workspace_id nulls first
    limit 1
$$;

-- Brings the triggers of a definition in line with the version that is in service. One whose schedule stays keeps its beat. A new schedule is due at
-- once: whoever takes it finds its first time.
create function workflow_index_triggers(p_workspace uuid, p_definition text) returns void language plpgsql as $$
declare
    in_service constant text := workflow_published_version(p_workspace, p_definition);
    is_shipped constant boolean := exists (select from workflow_definitions d where d.version_id = in_service and d.workspace_id is null);
    now constant timestamptz := clock_now();
begin
    delete from workflow_triggers t where t.workspace_id = p_workspace and t.definition_id = p_definition
        and not exists (select from workflow_version_triggers d where d.version_id = in_service and d.activity_id = t.activity_id and d.ordinal = t.ordinal
            and d.schedule is not distinct from t.schedule and replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text) is not distinct from t.key);
    insert into workflow_triggers (workspace_id, definition_id, version_id, activity_id, ordinal, activity_type, key, payload, schedule, exclusive, since, due_at)
        select p_workspace, p_definition, d.version_id, d.activity_id, d.ordinal, d.activity_type,
            replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text), d.payload, d.schedule, d.exclusive, now, case when d.schedule is not null then now end
        from workflow_version_triggers d where d.version_id = in_service
            -- What a workspace made itself goes before what is shipped.
            and not (is_shipped and d.exclusive and exists (select from workflow_triggers x where x.workspace_id = p_workspace and x.definition_id <> p_definition
                and x.key = replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text)))
        on conflict (workspace_id, definition_id, activity_id, ordinal) do update set
            version_id = excluded.version_id, activity_type = excluded.activity_type, payload = excluded.payload, exclusive = excluded.exclusive;
end $$;

-- A new workspace has the shipped workflows in service, and so their triggers.
create function workflow_index_workspace() returns trigger language plpgsql as $$
begin
    perform workflow_index_triggers(new.id, d.definition_id) from (
        select distinct w.definition_id from workflow_definitions w join workflow_version_triggers t using (version_id)
        where w.workspace_id is null and w.published and w.deleted_at is null) d;
    return null;
end $$;
create trigger workflow_index_workspace after insert on workspaces for each row execute function workflow_index_workspace();

-- As in 0007, but a broadcast also starts runs by the triggers that are in service now, unless it is for one instance.
create or replace function workflow_send(ids uuid[], keys text[], dedupe_keys text[], broadcasts boolean[], payloads text[], instances uuid[], correlations text[]) returns int language plpgsql as $$
declare
    s record;
    fresh int := 0;
    reached bigint;
    started bigint;
begin
    perform workflow_lock_keys(keys);
    for s in select * from unnest(ids, keys, dedupe_keys, broadcasts, payloads, instances, correlations) u (id, key, dedupe_key, broadcast, payload, instance, correlation) loop
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
            insert into workflow_starts (id, workspace_id, definition_id, version_id, activity_id, trigger_id, stimulus_id, correlation_id, payload, created_at)
                select workflow_new_id(), t.workspace_id, t.definition_id, t.version_id, t.activity_id, t.id, s.id, s.correlation, s.payload, clock_timestamp()
                from workflow_triggers t where t.key = s.key;
            get diagnostics started = row_count;
            reached := reached + started;
        end if;
        if reached > 0 then
            update stimuli set status = 'Delivered' where id = s.id;
        elsif s.broadcast then
            update stimuli set status = 'Closed', reason = 'nobody waited' where id = s.id;
        elsif exists (select from workflow_bookmarks b where b.key = s.key) then
            update stimuli set status = 'Closed', reason = 'the wait was over' where id = s.id;
        end if;
    end loop;
    return fresh;
end $$;

-- Resumes one bookmark, once per dedupe key. Answers Delivered, Repeated or Over; null when the instance has no such bookmark.
create function workflow_resume(p_id uuid, p_bookmark uuid, p_instance uuid, p_dedupe text, p_payload text) returns text language plpgsql as $$
declare wanted text;
begin
    select b.key into wanted from workflow_bookmarks b where b.id = p_bookmark and b.instance_id = p_instance;
    if not found then
        return null;
    end if;
    perform workflow_lock_keys(array[wanted]);
    insert into stimuli (id, key, dedupe_key, broadcast, payload, status, created_at)
        values (p_id, wanted, p_dedupe, false, p_payload, 'Delivered', clock_timestamp())
        on conflict (dedupe_key) do nothing;
    if not found then
        return case when exists (select from stimuli s where s.dedupe_key = p_dedupe and s.status = 'Delivered') then 'Repeated' else 'Over' end;
    end if;
    update workflow_bookmarks b set state = case when b.stays then 0 else 1 end where b.id = p_bookmark and b.state = 0;
    if not found then
        update stimuli s set status = 'Closed', reason = 'the wait was over' where s.id = p_id;
        return 'Over';
    end if;
    insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload) values (gen_random_uuid(), p_instance, p_bookmark, p_id, p_payload);
    return 'Delivered';
end $$;

-- Which runs exclude each other: of those with one key in a workspace one is unfinished, and the index knows which.
alter table workflow_instances
    add activation text,                   -- the key as of the start, never changed; null: it minds no other run
    add activation_key text;               -- the same until the end, and again while a retry runs
create unique index workflow_instances_activation on workflow_instances (workspace_id, activation_key) where activation_key is not null;
