-- Bursts that end at the same time are written together, the journal has one row per burst instead of one per line, and neither a commit nor a
-- lease writes the indexes of an instance anew.

-- ---- The journal: what a burst wrote is one JSON document, {"x": [[execution, parent, node, activity, type, name]], "e": [[x, event, microseconds, message, payload]]}.
-- A parent is the number of an x, or an execution of an earlier burst; an activity that the node's path ends with is null.
create table workflow_bursts (
    instance_id uuid not null,
    first_sequence bigint not null,
    at timestamptz not null,               -- of its first line
    entries bytea not null,                -- UTF-8 JSON
    primary key (instance_id, first_sequence));

insert into workflow_bursts
with line as (
    select j.*, dense_rank() over (partition by instance_id order by execution_id) - 1 as x from workflow_journal j),
executions as (
    select instance_id, jsonb_agg(jsonb_build_array(execution_id, parent_execution_id, node_id, activity_id, activity_type, activity_name) order by x) as xs
    from (select distinct on (instance_id, x) * from line order by instance_id, x, sequence) once group by instance_id),
span as (select instance_id, min(sequence) as first, min(at) as at from line group by instance_id)
select s.instance_id, s.first, s.at, convert_to(jsonb_build_object('x', e.xs, 'e', (
    select jsonb_agg(jsonb_build_array(l.x, array_position(array['Started', 'Suspended', 'Resumed', 'Completed', 'Faulted', 'Canceled'], l.event_name) - 1,
        (extract(epoch from l.at - s.at) * 1000000)::bigint, l.message, l.payload) order by l.sequence)
    from line l where l.instance_id = s.instance_id))::text, 'UTF8')
from span s join executions e using (instance_id);

drop table workflow_journal;

-- One row per line. Ask for one instance.
create view workflow_journal as
select b.instance_id, b.first_sequence + e.n - 1 as sequence, (x.v ->> 0)::uuid as execution_id, coalesce(p.v ->> 0, x.v ->> 1)::uuid as parent_execution_id,
    x.v ->> 2 as node_id, coalesce(x.v ->> 3, substring(x.v ->> 2 from '[^:]*$')) as activity_id, x.v ->> 4 as activity_type, x.v ->> 5 as activity_name,
    b.at + make_interval(secs => (e.v ->> 2)::float8 / 1000000) as at,
    (array['Started', 'Suspended', 'Resumed', 'Completed', 'Faulted', 'Canceled'])[1 + (e.v ->> 1)::int] as event_name, e.v ->> 3 as message, e.v ->> 4 as payload
from workflow_bursts b
cross join lateral (select convert_from(b.entries, 'UTF8')::jsonb as log offset 0) l
cross join lateral jsonb_array_elements(l.log -> 'e') with ordinality e (v, n)
join lateral jsonb_array_elements(l.log -> 'x') with ordinality x (v, n) on x.n = 1 + (e.v ->> 0)::int
left join lateral jsonb_array_elements(l.log -> 'x') with ordinality p (v, n) on p.n = case jsonb_typeof(x.v -> 1) when 'number' then 1 + (x.v ->> 1)::int end;

-- ---- Indexes. A column of an index that changes writes the row into all of them anew, so leases are in none. Whoever looks for work looks for
-- bursts that never committed and for resumptions.
drop index workflow_instances_busy;
create index workflow_instances_runnable on workflow_instances (id) where runnable;
drop index workflow_bookmarks_due;
create index workflow_bookmarks_due on workflow_bookmarks (due_at) where due_at is not null;
update workflow_bookmarks set due_at = null where state > 0 and due_at is not null;
alter table workflow_bookmarks set (fillfactor = 80);

-- ---- Which version of a definition is published: a start may say as of which stamp it knows that.
create table workflow_definition_stamps (
    definition_id text primary key,
    stamp bigint not null) with (fillfactor = 50);
create sequence workflow_definition_stamp;
insert into workflow_definition_stamps select distinct definition_id, 0 from workflow_definitions;

create function workflow_stamp_definition() returns trigger language plpgsql as $$
begin
    insert into workflow_definition_stamps values (coalesce(new.definition_id, old.definition_id), nextval('workflow_definition_stamp'))
        on conflict (definition_id) do update set stamp = excluded.stamp;
    return null;
end $$;
create trigger stamped after insert or delete on workflow_definitions for each row execute function workflow_stamp_definition();
create trigger stamped_change after update on workflow_definitions for each row
    when (row (old.published, old.retracted, old.deleted_at, old.body_hash, old.shipped_hash, old.workspace_id) is distinct from
          row (new.published, new.retracted, new.deleted_at, new.body_hash, new.shipped_hash, new.workspace_id))
    execute function workflow_stamp_definition();

-- ---- Functions.

create or replace function workflow_lock_keys(keys text[]) returns void language plpgsql as $$
declare hashed bigint;
begin
    if cardinality(keys) = 1 then
        perform pg_advisory_xact_lock(hashtextextended(keys[1], 0));
        return;
    end if;
    for hashed in select distinct hashtextextended(k, 0) from unnest(keys) k order by 1 loop
        perform pg_advisory_xact_lock(hashed);
    end loop;
end $$;

-- Leased instances as their runner reads them, with what waits for them, oldest first.
create function workflow_leased(ids uuid[])
returns table (id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[], payloads text[])
language sql stable as $$
    select i.id, i.claim_token, i.version, i.workspace_id, i.definition_version_id, i.state, inbox.resumptions, inbox.bookmarks, inbox.payloads
    from workflow_instances i,
        lateral (select array_agg(r.id order by r.seq) as resumptions, array_agg(r.bookmark_id order by r.seq) as bookmarks, array_agg(r.payload order by r.seq) as payloads
            from workflow_resumptions r where r.instance_id = i.id) inbox
    where i.id = any (ids) order by i.id
$$;

-- Takes leases: of one instance, or of the oldest that have something to do. The inboxes are read by a statement of their own, whose snapshot
-- begins after the leases were taken.
drop function workflow_acquire(uuid, int, uuid, uuid, interval);
drop function workflow_inboxes(uuid);
create function workflow_acquire(wanted uuid, most int, p_token uuid, p_node uuid, p_lease interval)
returns table (id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[], payloads text[])
language plpgsql
-- Before the first statistics of a new or quickly growing database the planner reads all instances. Both halves walk an index, oldest first, and
-- stop when they have enough: ten thousand that come due at once are not read again for each handful that is taken.
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_hashagg = off as $$
declare claimed uuid[];
begin
    with unfinished as (
        select i.id from workflow_instances i
        where i.runnable and (wanted is null or i.id = wanted)
            and i.status = 'Running' and not i.paused and (i.claim_token is null or i.lease_until < clock_now()) and (i.retry_at is null or i.retry_at <= clock_now())
        order by i.id limit most for update of i skip locked),
    resumed as (
        select i.id from (select distinct r.instance_id from workflow_resumptions r where wanted is null or r.instance_id = wanted order by r.instance_id) waiting
        join workflow_instances i on i.id = waiting.instance_id
        where i.status = 'Running' and not i.paused and (i.claim_token is null or i.lease_until < clock_now()) and (i.retry_at is null or i.retry_at <= clock_now())
        order by waiting.instance_id limit most for update of i skip locked),
    free as (select u.id from (select unfinished.id from unfinished union select resumed.id from resumed) u order by u.id limit most),
    taken as (
        update workflow_instances i set claim_token = p_token, lease_node = p_node, lease_until = clock_now() + p_lease
        from free where i.id = free.id returning i.id)
    select array_agg(taken.id) into claimed from taken;
    if claimed is not null then
        return query select * from workflow_leased(claimed);
    end if;
end $$;

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

-- From whoever holds it. Which: 'any', in whatever state; 'revive', an ended one that is to run on and takes its activation key back, which breaks
-- when another run holds it; 'waiting', one that nobody runs and that has nothing to do.
create function workflow_seize(wanted uuid, p_token uuid, p_node uuid, p_lease interval, which text)
returns table (id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[], payloads text[])
language plpgsql as $$
begin
    update workflow_instances i set claim_token = p_token, lease_node = p_node, lease_until = clock_now() + p_lease,
        activation_key = case when which = 'revive' then activation else activation_key end
        where i.id = wanted and (which <> 'waiting' or i.status = 'Running' and not i.runnable and (i.claim_token is null or i.lease_until < clock_now())
            and not exists (select from workflow_resumptions r where r.instance_id = i.id));
    if found then
        return query select * from workflow_leased(array[wanted]);
    end if;
end $$;

-- Writes directed stimuli, matches them, and takes the leases of the instances that they resume and that nobody runs: one row per stimulus that
-- was new, with the instance to run on; an instance that several of them resumed comes with one.
create function workflow_resume(ids uuid[], keys text[], dedupe_keys text[], in_payloads text[], p_token uuid, p_node uuid, p_lease interval)
returns table (stimulus uuid, id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[], payloads text[])
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
    fresh uuid[];
    heard uuid[];
    resumed uuid[];
    claimed uuid[];
    known boolean;
    i int;
begin
    perform workflow_lock_keys(keys);
    -- Most find their bookmark, and a status that changes is a second version of the row.
    with written as (
        insert into stimuli (id, key, dedupe_key, broadcast, payload, status, created_at)
            select s.id, s.key, s.dedupe_key, false, s.payload, 'Delivered', clock_timestamp() from unnest(ids, keys, dedupe_keys, in_payloads) s (id, key, dedupe_key, payload)
            on conflict (dedupe_key) do nothing returning stimuli.id)
    select array_agg(written.id) into fresh from written;
    if fresh is null then
        return;
    end if;
    with taken as (
        update workflow_bookmarks b set state = case when b.stays then 0 else 1 end, due_at = case when b.stays then b.due_at end
            from unnest(ids, keys, in_payloads) s (id, key, payload) where b.key = s.key and b.state = 0 and s.id = any (fresh)
            returning b.id, b.instance_id, s.id as stimulus_id, s.payload),
    put as (
        insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
            select gen_random_uuid(), taken.instance_id, taken.id, taken.stimulus_id, taken.payload from taken returning workflow_resumptions.instance_id, workflow_resumptions.stimulus_id)
    select array_agg(put.stimulus_id), array_agg(put.instance_id) into heard, resumed from put;
    if heard is null or not fresh <@ heard then
        for i in 1 .. cardinality(ids) loop
            continue when not ids[i] = any (fresh) or ids[i] = any (coalesce(heard, '{}'));
            known := exists (select from workflow_bookmarks b where b.key = keys[i]);
            update stimuli set status = case when known then 'Closed' else 'Waiting' end, reason = case when known then 'the wait was over' end where id = ids[i];
        end loop;
    end if;
    if resumed is not null then
        with free as (
            select f.id from workflow_instances f
            where f.id = any (resumed) and f.status = 'Running' and not f.paused and (f.claim_token is null or f.lease_until < clock_now()) and (f.retry_at is null or f.retry_at <= clock_now())
            for update skip locked),
        taken as (
            update workflow_instances w set claim_token = p_token, lease_node = p_node, lease_until = clock_now() + p_lease
            from free where w.id = free.id returning w.id)
        select array_agg(taken.id) into claimed from taken;
    end if;
    return query
        select f.id, l.id, l.token, l.version, l.workspace_id, l.definition_version_id, l.state, l.resumptions, l.bookmarks, l.payloads
        from unnest(fresh) f (id)
        left join (select distinct on (h.instance) h.stimulus, h.instance from unnest(heard, resumed) h (stimulus, instance) where h.instance = any (claimed) order by h.instance) h on h.stimulus = f.id
        left join workflow_leased(claimed) l on l.id = h.instance;
end $$;

do $$
declare old text;
begin
    for old in select oid::regprocedure::text from pg_proc where proname = 'workflow_commit' loop
        execute 'drop function ' || old;
    end loop;
end $$;

-- Commits bursts of different instances: each whole or, when its lease was lost, not at all. Arrays are parallel to ids; those of bookmarks and
-- stimuli name their instance, and are null when there are none. One row per burst: whether it was written, whether its lease goes on, and what
-- arrived meanwhile.
create function workflow_commit(
    p_node uuid, p_lease interval,
    ids uuid[], tokens uuid[], expected bigint[], states bytea[], statuses text[], sub_statuses text[], names text[], correlations text[], incidents int[], again boolean[],
    log_firsts bigint[], log_times timestamptz[], logs bytea[],
    mark_instances uuid[], mark_ids uuid[], mark_names text[], mark_keys text[], mark_nodes text[], mark_activities text[], mark_types text[], mark_executions uuid[],
    mark_payloads text[], mark_waits text[], mark_due interval[], mark_stays boolean[],
    burned uuid[], consumed uuid[],
    sent_from uuid[], sent_ids uuid[], sent_keys text[], sent_dedupes text[], sent_broadcasts boolean[], sent_payloads text[], sent_instances uuid[], sent_correlations text[])
returns table (id uuid, committed boolean, held boolean, resumptions uuid[], bookmarks uuid[], payloads text[]) language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
    now constant timestamptz := clock_timestamp();
    done uuid[];
    live uuid[];
    ended uuid[];
    pending uuid[];
    unheard uuid[];
begin
    if mark_keys is not null or sent_keys is not null then
        perform workflow_lock_keys(mark_keys || sent_keys);
    end if;

    with written as (
        update workflow_instances i set
            state = c.state, version = i.version + 1, status = c.status, sub_status = c.sub_status, name = c.name, correlation_id = c.correlation, incident_count = c.incidents,
            runnable = c.status = 'Running' and c.sub_status in ('Pending', 'Executing', 'Interrupted'), failures = 0, retry_at = null, updated_at = now,
            finished_at = case when c.status = 'Finished' then now end, activation_key = case when c.status = 'Running' then i.activation_key end,
            claim_token = case when c.again and not i.paused then i.claim_token end,
            lease_node = case when c.again and not i.paused then p_node end,
            lease_until = case when c.again and not i.paused then clock_now() + p_lease end
        from unnest(ids, tokens, expected, states, statuses, sub_statuses, names, correlations, incidents, again)
            c (id, token, expected, state, status, sub_status, name, correlation, incidents, again)
        where i.id = c.id and i.claim_token = c.token and i.version = c.expected
        returning i.id, i.status, i.sub_status, i.paused)
    select array_agg(w.id), array_agg(w.id) filter (where w.status = 'Running' and not w.paused), array_agg(w.id) filter (where w.status = 'Finished' and w.sub_status <> 'Faulted')
        into done, live, ended from written w;

    if done is not null then
        insert into workflow_bursts (instance_id, first_sequence, at, entries)
            select l.id, l.first, l.at, l.entries from unnest(ids, log_firsts, log_times, logs) l (id, first, at, entries) where l.entries is not null and l.id = any (done);
        if burned is not null then
            update workflow_bookmarks b set state = 2, due_at = null where b.id = any (burned) and b.instance_id = any (done);
        end if;
        if burned is not null or consumed is not null then
            with gone as (
                delete from workflow_resumptions r where r.instance_id = any (done) and (r.id = any (consumed) or r.bookmark_id = any (burned)) returning r.id, r.stimulus_id)
            select array_agg(g.stimulus_id) filter (where not g.id = any (coalesce(consumed, '{}'))) into unheard from gone g;
            if unheard is not null then
                update stimuli s set status = 'Closed', reason = 'the wait was over' where s.id = any (unheard) and not s.broadcast;
            end if;
        end if;
        if mark_ids is not null then
            perform workflow_wait(done, mark_instances, mark_ids, mark_names, mark_keys, mark_nodes, mark_activities, mark_types, mark_executions, mark_payloads, mark_waits, mark_due, mark_stays);
        end if;
        if sent_ids is not null then
            perform workflow_send(array_agg(s.id order by s.n), array_agg(s.key order by s.n), array_agg(s.dedupe order by s.n), array_agg(s.broadcast order by s.n),
                array_agg(s.payload order by s.n), array_agg(s.instance order by s.n), array_agg(s.correlation order by s.n))
            from unnest(sent_from, sent_ids, sent_keys, sent_dedupes, sent_broadcasts, sent_payloads, sent_instances, sent_correlations)
                with ordinality s (sender, id, key, dedupe, broadcast, payload, instance, correlation, n)
            where s.sender = any (done) having count(*) > 0;
        end if;
        if ended is not null then
            perform workflow_close(e.id, 'the run ended as ' || e.sub_status) from unnest(ids, sub_statuses) e (id, sub_status) where e.id = any (ended);
        end if;
        if live is not null then
            select array_agg(distinct r.instance_id) into pending from workflow_resumptions r where r.instance_id = any (live);
        end if;
    end if;

    if pending is null then
        return query select c.id, coalesce(c.id = any (done), false), coalesce(c.again and c.id = any (live), false), null::uuid[], null::uuid[], null::text[] from unnest(ids, again) c (id, again);
        return;
    end if;
    update workflow_instances i set claim_token = c.token, lease_node = p_node, lease_until = clock_now() + p_lease
        from unnest(ids, tokens, again) c (id, token, again) where i.id = c.id and i.id = any (pending) and not c.again;
    return query
        select c.id, coalesce(c.id = any (done), false), coalesce(c.id = any (pending) or c.again and c.id = any (live), false), l.resumptions, l.bookmarks, l.payloads
        from unnest(ids, again) c (id, again) left join workflow_leased(pending) l on l.id = c.id;
end $$;

-- Writes the bookmarks of bursts that were written, and gives them the directed stimuli that were here before: one that stays takes them all.
create function workflow_wait(
    instances uuid[], mark_instances uuid[], mark_ids uuid[], mark_names text[], mark_keys text[], mark_nodes text[], mark_activities text[], mark_types text[],
    mark_executions uuid[], mark_payloads text[], mark_waits text[], mark_due interval[], mark_stays boolean[])
returns void language plpgsql as $$
begin
    insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, payload, waits_for, due_at, stays, created_at)
        select m.id, m.instance, m.name, m.key, m.node, m.activity, m.type, m.execution, m.payload, m.waits, case when m.due is not null then clock_now() + m.due end, m.stays, clock_timestamp()
        from unnest(mark_instances, mark_ids, mark_names, mark_keys, mark_nodes, mark_activities, mark_types, mark_executions, mark_payloads, mark_waits, mark_due, mark_stays)
            m (instance, id, name, key, node, activity, type, execution, payload, waits, due, stays)
        where m.instance = any (instances);
    perform from stimuli s where s.key = any (mark_keys) and s.status = 'Waiting' limit 1;
    if not found then
        return;
    end if;
    with early as (update stimuli s set status = 'Delivered' where s.key = any (mark_keys) and s.status = 'Waiting'
            and exists (select from workflow_bookmarks b where b.id = any (mark_ids) and b.key = s.key) returning s.id, s.key, s.payload),
        taken as (update workflow_bookmarks b set state = case when b.stays then 0 else 1 end, due_at = case when b.stays then b.due_at end
            where b.id = any (mark_ids) and b.key in (select key from early) returning b.id, b.instance_id, b.key, b.stays),
        matched as (select distinct on (case when taken.stays then early.id else taken.id end) taken.id as bookmark_id, taken.instance_id, early.id as stimulus_id, early.payload
            from taken join early on early.key = taken.key)
        insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload)
        select gen_random_uuid(), m.instance_id, m.bookmark_id, m.stimulus_id, m.payload from matched m;
end $$;

-- ---- Ends and ages.

-- Unfinished runs whose parent was cancelled: they are cancelled next.
create table workflow_orphans (
    instance_id uuid primary key,
    parent_id uuid not null);

-- What is forgotten by age is found by blocks: the rows lie in the order in which they came.
create index workflow_instances_age on workflow_instances using brin (created_at);
create index workflow_bursts_age on workflow_bursts using brin (at);
create index workflow_bookmarks_age on workflow_bookmarks using brin (created_at);
create index stimuli_age on stimuli using brin (created_at);
