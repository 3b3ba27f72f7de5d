-- One row per process start. Whoever holds the session advisory lock advisory_key lives; leases of the others are reclaimed at once.
create table nodes (
    id uuid primary key,
    advisory_key bigint not null,
    started_at timestamptz not null default now(),
    dead_since timestamptz);

create table workflow_definitions (
    version_id text primary key,
    definition_id text not null,
    workspace_id uuid,                     -- null: shipped with the Server, seen by every workspace without a copy of its own
    version int not null,
    name text,
    published boolean not null,
    frozen boolean not null,               -- published or run once: never changed again
    body text not null,                    -- Elsa 3 JSON, as it came
    body_hash text not null,               -- tells an edit from a mere save
    shipped_hash text,                     -- of the shipped version that this one comes from; null where nothing was shipped
    created_at timestamptz not null default now(),
    unique (definition_id, workspace_id, version));
-- Two unique rules, because a null is distinct from a null before PostgreSQL 15.
create unique index on workflow_definitions (definition_id, version) where workspace_id is null;

create table workflow_instances (
    id uuid primary key,
    workspace_id uuid not null,
    definition_id text not null,
    definition_version_id text not null,   -- an instance keeps the version that it started with
    definition_version int not null,
    correlation_id text,
    name text,
    status text not null,                  -- Running, Finished
    sub_status text not null,              -- Pending, Executing, Suspended, Interrupted, Finished, Cancelled, Faulted
    incident_count int not null default 0,
    state bytea not null,                  -- UTF-8 JSON, read by the engine alone
    version bigint not null,               -- rises with each commit
    runnable boolean not null,             -- has work besides its inbox: a burst that never committed, or more of it
    paused boolean not null default false,
    claim_token uuid,                      -- null: nobody runs it
    lease_node uuid,
    lease_until timestamptz,
    failures int not null default 0,       -- bursts that broke in a row
    retry_at timestamptz,                  -- not claimed before, after a burst that broke
    created_at timestamptz not null,
    updated_at timestamptz not null,
    finished_at timestamptz) with (fillfactor = 80);
create index workflow_instances_busy on workflow_instances (id) where runnable or claim_token is not null;
create index on workflow_instances (workspace_id, id);
create index on workflow_instances (correlation_id);

create table workflow_bookmarks (
    id uuid primary key,
    instance_id uuid not null,
    name text not null,
    key text not null,
    state smallint not null default 0,     -- 0 waits, 1 taken by a stimulus, 2 burned; burned ones tell a late stimulus that it is late
    node_id text not null,
    activity_id text not null,
    activity_type text not null,
    execution_id uuid not null,
    payload text,                          -- payloads are JSON that the database need not read
    waits_for text,
    due_at timestamptz,
    created_at timestamptz not null);
create index on workflow_bookmarks (instance_id);
create index on workflow_bookmarks (key);
create index workflow_bookmarks_due on workflow_bookmarks (due_at) where state = 0 and due_at is not null;

create table stimuli (
    id uuid primary key,
    key text not null,
    dedupe_key text not null unique,
    broadcast boolean not null,
    payload text,
    status text not null,                  -- Waiting, Delivered, Closed
    reason text,                           -- why it was closed
    created_at timestamptz not null);
create index stimuli_waiting on stimuli (key) where status = 'Waiting';

-- The inboxes: a stimulus or a due time that took a bookmark and that no burst has consumed yet.
create table workflow_resumptions (
    seq bigint generated always as identity,
    id uuid primary key,
    instance_id uuid not null,
    bookmark_id uuid not null,
    stimulus_id uuid,
    payload text);
create index on workflow_resumptions (instance_id);

create table workflow_journal (
    instance_id uuid not null,
    sequence bigint not null,
    execution_id uuid not null,
    parent_execution_id uuid,
    node_id text not null,
    activity_id text not null,
    activity_type text not null,
    activity_name text,
    at timestamptz not null,
    event_name text not null,              -- Started, Suspended, Resumed, Completed, Faulted, Canceled
    message text,
    payload text,
    primary key (instance_id, sequence));

-- Stimulus and commit both take these locks first, in one order and before any other row, and match afterwards with a new snapshot:
-- whoever comes second sees what the first has written. Needs READ COMMITTED.
create function workflow_lock_keys(keys text[]) returns void language plpgsql as $$
declare hashed bigint;
begin
    for hashed in select distinct hashtextextended(k, 0) from unnest(keys) k order by 1 loop
        perform pg_advisory_xact_lock(hashed);
    end loop;
end $$;

-- Writes stimuli and matches them; answers how many were new. A directed one waits for its bookmark unless that is over already.
create function workflow_send(ids uuid[], keys text[], dedupe_keys text[], broadcasts boolean[], payloads text[]) returns int language plpgsql as $$
declare
    s record;
    fresh int := 0;
begin
    perform workflow_lock_keys(keys);
    for s in select * from unnest(ids, keys, dedupe_keys, broadcasts, payloads) u (id, key, dedupe_key, broadcast, payload) loop
        insert into stimuli (id, key, dedupe_key, broadcast, payload, status, created_at)
            values (s.id, s.key, s.dedupe_key, s.broadcast, s.payload, 'Waiting', clock_timestamp())
            on conflict (dedupe_key) do nothing;
        continue when not found;
        fresh := fresh + 1;
        with taken as (update workflow_bookmarks b set state = 1 where b.key = s.key and b.state = 0 returning b.id, b.instance_id)
            insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
            select gen_random_uuid(), taken.instance_id, taken.id, s.id, s.payload from taken;
        if found then
            update stimuli set status = 'Delivered' where id = s.id;
        elsif s.broadcast then
            update stimuli set status = 'Closed', reason = 'nobody waited' where id = s.id;
        elsif exists (select from workflow_bookmarks b where b.key = s.key) then
            update stimuli set status = 'Closed', reason = 'the wait was over' where id = s.id;
        end if;
    end loop;
    return fresh;
end $$;

-- The first half of a commit: locks its keys and holds the instance to its lease, so that the burst's own writes can follow. False when the lease was lost.
create function workflow_hold(instance uuid, token uuid, expected bigint, keys text[]) returns boolean language plpgsql as $$
begin
    perform workflow_lock_keys(keys);
    perform from workflow_instances where id = instance and claim_token = token and version = expected for update;
    return found;
end $$;

-- Commits a burst: everything or, when the lease was lost, nothing. Answers one row per resumption that is there to go on with; a row without
-- id says only how it went. held: the lease goes on.
create function workflow_commit(
    instance uuid, token uuid, expected bigint, node uuid, new_state bytea, new_status text, new_sub_status text, new_name text, new_correlation text,
    incidents int, run_again boolean, lease interval,
    mark_ids uuid[], mark_names text[], mark_keys text[], mark_nodes text[], mark_activities text[], mark_types text[], mark_executions uuid[],
    mark_payloads text[], mark_waits text[], mark_due interval[],
    burned uuid[], consumed uuid[],
    log_sequences bigint[], log_executions uuid[], log_parents uuid[], log_nodes text[], log_activities text[], log_types text[], log_names text[],
    log_times timestamptz[], log_events text[], log_messages text[], log_payloads text[],
    sent_ids uuid[], sent_keys text[], sent_dedupes text[], sent_broadcasts boolean[], sent_payloads text[])
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
        incident_count = incidents, runnable = unfinished, failures = 0, retry_at = null, updated_at = now,
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
        insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, payload, waits_for, due_at, created_at)
            select m.id, instance, m.name, m.key, m.node, m.activity, m.type, m.execution, m.payload, m.waits, case when m.due is not null then clock_now() + m.due end, now
            from unnest(mark_ids, mark_names, mark_keys, mark_nodes, mark_activities, mark_types, mark_executions, mark_payloads, mark_waits, mark_due)
                m (id, name, key, node, activity, type, execution, payload, waits, due);
        -- Directed stimuli that were here before their bookmark.
        with early as (update stimuli s set status = 'Delivered' where s.key = any (mark_keys) and s.status = 'Waiting' returning s.id, s.key, s.payload),
            taken as (update workflow_bookmarks b set state = 1 from early where b.id = any (mark_ids) and b.key = early.key
                returning b.id, early.id as stimulus_id, early.payload)
            insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
            select gen_random_uuid(), instance, taken.id, taken.stimulus_id, taken.payload from taken;
    end if;
    if cardinality(sent_ids) > 0 then
        perform workflow_send(sent_ids, sent_keys, sent_dedupes, sent_broadcasts, sent_payloads);
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

-- What an ended instance leaves: stimuli that no burst will consume are closed with the reason; its waits stay as burned, so that a late
-- stimulus is closed when it comes.
create function workflow_close(instance uuid, why text) returns void language plpgsql as $$
begin
    update workflow_bookmarks b set state = 2 where b.instance_id = instance and b.state < 2;
    with gone as (delete from workflow_resumptions r where r.instance_id = instance returning r.stimulus_id)
        update stimuli s set status = 'Closed', reason = why from gone where s.id = gone.stimulus_id and not s.broadcast;
end $$;

-- Takes leases: of one instance, or of the oldest that have something to do. Leases of dead nodes were cleared before; others end with their time.
create function workflow_acquire(wanted uuid, most int, token uuid, node uuid, lease interval)
returns table (id uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea) language sql as $$
    with pending as (
        select b.id from workflow_instances b where (b.runnable or b.claim_token is not null) and b.runnable and (wanted is null or b.id = wanted)
        union
        select r.instance_id from workflow_resumptions r where wanted is null or r.instance_id = wanted),
    free as (
        select i.id from workflow_instances i join pending using (id)
        where i.status = 'Running' and not i.paused and (i.claim_token is null or i.lease_until < clock_now()) and (i.retry_at is null or i.retry_at <= clock_now())
        order by i.id limit most for update of i skip locked)
    update workflow_instances i set claim_token = token, lease_node = node, lease_until = clock_now() + lease
    from free where i.id = free.id
    returning i.id, i.version, i.workspace_id, i.definition_version_id, i.state
$$;

-- Turns bookmarks whose time has come into resumptions.
create function workflow_fire_due(most int) returns int language plpgsql as $$
declare fired int;
begin
    with due as (
        select b.id from workflow_bookmarks b where b.state = 0 and b.due_at is not null and b.due_at <= (select clock_now())
        order by b.due_at limit most for update skip locked),
    taken as (update workflow_bookmarks b set state = 1 from due where b.id = due.id returning b.id, b.instance_id)
    insert into workflow_resumptions (id, instance_id, bookmark_id) select gen_random_uuid(), taken.instance_id, taken.id from taken;
    get diagnostics fired = row_count;
    return fired;
end $$;
