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
            and d.schedule is not distinct from t.schedule);
    insert into workflow_triggers (workspace_id, definition_id, version_id, activity_id, ordinal, activity_type, key, payload, schedule, exclusive, since, due_at)
        select p_workspace, p_definition, d.version_id, d.activity_id, d.ordinal, d.activity_type,
            replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text), d.payload, d.schedule, d.exclusive, now, case when d.schedule is not null then now end
        from workflow_version_triggers d where d.version_id = in_service
            -- What a workspace made itself goes before what is shipped.
            and not (is_shipped and d.exclusive and exists (select from workflow_triggers x where x.workspace_id = p_workspace and x.definition_id <> p_definition
                and x.key = replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text)))
        on conflict (workspace_id, definition_id, activity_id, ordinal) do update set
            version_id = excluded.version_id, activity_type = excluded.activity_type, key = excluded.key, payload = excluded.payload, exclusive = excluded.exclusive;
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
-- Those that a retry took back just before its node died.
create index workflow_instances_revived on workflow_instances (lease_until) where status = 'Finished' and activation_key is not null;

-- As in 0007, but an end frees the activation key.
create or replace function workflow_commit(
    instance uuid, token uuid, expected bigint, node uuid, new_state bytea, new_status text, new_sub_status text, new_name text, new_correlation text,
    incidents int, run_again boolean, lease interval,
    mark_ids uuid[], mark_names text[], mark_keys text[], mark_nodes text[], mark_activities text[], mark_types text[], mark_executions uuid[],
    mark_payloads text[], mark_waits text[], mark_due interval[], mark_stays boolean[],
    burned uuid[], consumed uuid[],
    log_sequences bigint[], log_executions uuid[], log_parents uuid[], log_nodes text[], log_activities text[], log_types text[], log_names text[],
    log_times timestamptz[], log_events text[], log_messages text[], log_payloads text[],
    sent_ids uuid[], sent_keys text[], sent_dedupes text[], sent_broadcasts boolean[], sent_payloads text[], sent_instances uuid[],
    sent_correlations text[])
returns table (committed boolean, held boolean, id uuid, bookmark_id uuid, payload text) language plpgsql as $$
#variable_conflict use_column
declare
    now constant timestamptz := clock_timestamp();
    unfinished constant boolean := new_status = 'Running' and new_sub_status in ('Pending', 'Executing', 'Interrupted');
    stopped boolean;
    pending boolean;
begin
    if cardinality(mark_keys) + cardinality(sent_keys) > 0 then
        perform workflow_lock_keys(mark_keys || sent_keys);
    end if;
    update workflow_instances i set
        state = new_state, version = expected + 1, status = new_status, sub_status = new_sub_status, name = new_name, correlation_id = new_correlation,
        activation_key = case when new_status = 'Running' then i.activation_key end, incident_count = incidents, runnable = unfinished, failures = 0, retry_at = null, updated_at = now,
        finished_at = case when new_status = 'Finished' then now end,
        claim_token = case when run_again and not paused then token end,
        lease_node = case when run_again and not paused then node end,
        lease_until = case when run_again and not paused then clock_now() + lease end
        where i.id = instance and i.claim_token = token and i.version = expected
        returning i.paused into stopped;
    if not found then
        return query select false, false, null::uuid, null::uuid, null::text;
        return;
    end if;
    if cardinality(log_sequences) > 0 then
        insert into workflow_journal (instance_id, sequence, execution_id, parent_execution_id, node_id, activity_id, activity_type, activity_name, at, event_name, message, payload)
            select instance, l.* from unnest(log_sequences, log_executions, log_parents, log_nodes, log_activities, log_types, log_names, log_times, log_events, log_messages, log_payloads) l;
    end if;
    if cardinality(consumed) + cardinality(burned) > 0 then
        update workflow_bookmarks b set state = 2 where b.id = any (burned) and b.instance_id = instance;
        with gone as (
            delete from workflow_resumptions r where r.instance_id = instance and (r.id = any (consumed) or r.bookmark_id = any (burned))
            returning r.id, r.stimulus_id)
        update stimuli s set status = 'Closed', reason = 'the wait was over' from gone
            where s.id = gone.stimulus_id and not s.broadcast and not gone.id = any (consumed);
    end if;
    if cardinality(mark_ids) > 0 then
        insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, payload, waits_for, due_at, stays, created_at)
            select m.id, instance, m.name, m.key, m.node, m.activity, m.type, m.execution, m.payload, m.waits, case when m.due is not null then clock_now() + m.due end, m.stays, now
            from unnest(mark_ids, mark_names, mark_keys, mark_nodes, mark_activities, mark_types, mark_executions, mark_payloads, mark_waits, mark_due, mark_stays)
                m (id, name, key, node, activity, type, execution, payload, waits, due, stays);
        -- Directed stimuli that were here before their bookmark: one that stays takes them all.
        with early as (update stimuli s set status = 'Delivered' where s.key = any (mark_keys) and s.status = 'Waiting' returning s.id, s.key, s.payload),
            taken as (update workflow_bookmarks b set state = case when b.stays then 0 else 1 end where b.id = any (mark_ids) and b.key in (select key from early)
                returning b.id, b.key, b.stays),
            matched as (select distinct on (case when taken.stays then early.id else taken.id end) taken.id as bookmark_id, early.id as stimulus_id, early.payload
                from taken join early on early.key = taken.key)
            insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
            select gen_random_uuid(), instance, m.bookmark_id, m.stimulus_id, m.payload from matched m;
    end if;
    if cardinality(sent_ids) > 0 then
        perform workflow_send(sent_ids, sent_keys, sent_dedupes, sent_broadcasts, sent_payloads, sent_instances, sent_correlations);
    end if;
    if new_status = 'Finished' then
        if new_sub_status <> 'Faulted' then
            perform workflow_close(instance, 'the run ended as ' || new_sub_status);
        end if;
        return query select true, false, null::uuid, null::uuid, null::text;
        return;
    end if;
    pending := not stopped and exists (select from workflow_resumptions r where r.instance_id = instance);
    if pending and not run_again then
        update workflow_instances i set claim_token = token, lease_node = node, lease_until = clock_now() + lease where i.id = instance;
    end if;
    if pending then
        return query select true, true, r.id, r.bookmark_id, r.payload from workflow_resumptions r where r.instance_id = instance order by r.seq;
    else
        return query select true, run_again and not stopped, null::uuid, null::uuid, null::text;
    end if;
end $$;
