-- Commits bursts of different instances: each whole or, when its lease was lost, not at all. Arrays are parallel to ids; those of bookmarks and
-- stimuli name their instance, and are null when there are none. One row per burst: whether it was written, whether its lease goes on, and what
-- arrived meanwhile.
create or replace function workflow_commit(
    p_node uuid, p_lease interval,
    ids uuid[], tokens uuid[], expected bigint[], states bytea[], statuses text[], sub_statuses text[], names text[], correlations text[], incidents int[],
        again boolean[],
    log_firsts bigint[], log_times timestamptz[], logs bytea[],
    mark_instances uuid[], mark_ids uuid[], mark_names text[], mark_keys text[], mark_nodes text[], mark_activities text[], mark_types text[],
        mark_executions uuid[],
    mark_payloads text[], mark_waits text[], mark_due interval[], mark_stays boolean[],
    burned uuid[], consumed uuid[],
    sent_from uuid[], sent_ids uuid[], sent_keys text[], sent_dedupes text[], sent_broadcasts boolean[], sent_payloads text[], sent_instances uuid[],
        sent_correlations text[])
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
            state = c.state, version = i.version + 1, status = c.status, sub_status = c.sub_status, name = c.name, correlation_id = c.correlation,
                incident_count = c.incidents,
            runnable = c.status = 'Running' and c.sub_status in ('Pending', 'Executing', 'Interrupted'), failures = 0, retry_at = null, updated_at = now,
            -- What has had its turn is behind the others of its workspace.
            queued_at = case when c.status = 'Running' and c.sub_status in ('Executing', 'Interrupted') and not c.again then now else i.queued_at end,
            -- It got on: the next node that dies with it dies in the box before which it stands now.
            deaths = case when i.deaths > 0 and c.status = 'Running' and (c.again or c.sub_status in ('Executing', 'Interrupted')) then 1 else 0 end,
            finished_at = case when c.status = 'Finished' then now end, activation_key = case when c.status = 'Running' then i.activation_key end,
            claim_token = case when c.again and not i.paused then i.claim_token end,
            lease_node = case when c.again and not i.paused then p_node end,
            lease_until = case when c.again and not i.paused then clock_now() + p_lease end
        from unnest(ids, tokens, expected, states, statuses, sub_statuses, names, correlations, incidents, again)
            c (id, token, expected, state, status, sub_status, name, correlation, incidents, again)
        where i.id = c.id and i.claim_token = c.token and i.version = c.expected
        returning i.id, i.status, i.sub_status, i.paused)
    select array_agg(w.id), array_agg(w.id) filter (where w.status = 'Running' and not w.paused), array_agg(w.id) filter (where w.status = 'Finished'
        and w.sub_status <> 'Faulted')
        into done, live, ended from written w;

    if done is not null then
        insert into workflow_bursts (instance_id, first_sequence, at, entries)
            select l.id, l.first, l.at, l.entries from unnest(ids, log_firsts, log_times, logs) l (id, first, at, entries) where l.entries is not null
                and l.id = any (done);
        if burned is not null then
            update workflow_bookmarks b set state = 2, due_at = null where b.id = any (burned) and b.instance_id = any (done);
        end if;
        if burned is not null or consumed is not null then
            with gone as (
                delete from workflow_resumptions r where r.instance_id = any (done) and (r.id = any (consumed) or r.bookmark_id = any (burned))
                    returning r.id, r.stimulus_id)
            select array_agg(g.stimulus_id) filter (where not g.id = any (coalesce(consumed, '{}'))) into unheard from gone g;
            if unheard is not null then
                update stimuli s set status = 'Closed', reason = 'the wait was over' where s.id = any (unheard) and not s.broadcast;
            end if;
        end if;
        if mark_ids is not null then
            perform workflow_wait(done, mark_instances, mark_ids, mark_names, mark_keys, mark_nodes, mark_activities, mark_types, mark_executions,
                mark_payloads, mark_waits, mark_due, mark_stays);
        end if;
        if sent_ids is not null then
            perform workflow_send(array_agg(s.id order by s.n), array_agg(s.key order by s.n), array_agg(s.dedupe order by s.n),
                array_agg(s.broadcast order by s.n),
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
        return query select c.id, coalesce(c.id = any (done), false), coalesce(c.again and c.id = any (live), false), null::uuid[], null::uuid[],
            null::text[] from unnest(ids, again) c (id, again);
        return;
    end if;
    update workflow_instances i set claim_token = c.token, lease_node = p_node, lease_until = clock_now() + p_lease
        from unnest(ids, tokens, again) c (id, token, again) where i.id = c.id and i.id = any (pending) and not c.again;
    return query
        select c.id, coalesce(c.id = any (done), false), coalesce(c.id = any (pending) or c.again and c.id = any (live), false), l.resumptions, l.bookmarks,
            l.payloads
        from unnest(ids, again) c (id, again) left join workflow_leased(pending) l on l.id = c.id;
end $$;
