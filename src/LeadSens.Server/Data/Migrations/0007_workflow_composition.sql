-- Boxes that start other workflows: their instances know who started them, and one bookmark may wait for the ends of many. Boxes that publish
-- events: a stimulus may be for one instance, or for those with a correlation id.
alter table workflow_instances add parent_id uuid;
create index workflow_instances_parent on workflow_instances (parent_id) where parent_id is not null;

alter table workflow_bookmarks add stays boolean not null default false;  -- a stimulus leaves it waiting for the next one

-- As in 0002, but a bookmark that stays is not taken, and a stimulus may say whom it is for; null is everybody.
create function workflow_send(ids uuid[], keys text[], dedupe_keys text[], broadcasts boolean[], payloads text[], instances uuid[], correlations text[]) returns int language plpgsql as $$
declare
    s record;
    fresh int := 0;
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

create or replace function workflow_send(ids uuid[], keys text[], dedupe_keys text[], broadcasts boolean[], payloads text[]) returns int language sql as $$
    select workflow_send(ids, keys, dedupe_keys, broadcasts, payloads, array_fill(null::uuid, array[cardinality(ids)]), array_fill(null::text, array[cardinality(ids)]))
$$;

-- As in 0002, but with bookmarks that stay. The older form remains for nodes that were not upgraded yet.
create function workflow_commit(
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
