-- Writes directed stimuli, matches them, and takes the leases of the instances that they resume and that nobody runs: one row per stimulus that
-- was new, with the instance to run on; an instance that several of them resumed comes with one.
create or replace function workflow_resume(ids uuid[], keys text[], dedupe_keys text[], in_payloads text[], p_token uuid, p_node uuid, p_lease interval)
returns table (stimulus uuid, id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[],
    bookmarks uuid[], payloads text[])
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
        insert into stimuli (id, key, dedupe_key, broadcast, payload, status, created_at, workspace_id)
            select s.id, s.key, s.dedupe_key, false, s.payload, 'Delivered', clock_timestamp(), workflow_workspace_of(s.key) from unnest(ids, keys,
                dedupe_keys, in_payloads) s (id, key, dedupe_key, payload)
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
            select gen_random_uuid(), taken.instance_id, taken.id, taken.stimulus_id, taken.payload from taken returning workflow_resumptions.instance_id,
                workflow_resumptions.stimulus_id)
    select array_agg(put.stimulus_id), array_agg(put.instance_id) into heard, resumed from put;
    if heard is null or not fresh <@ heard then
        for i in 1 .. cardinality(ids) loop
            continue when not ids[i] = any (fresh) or ids[i] = any (coalesce(heard, '{}'));
            known := exists (select from workflow_bookmarks b where b.key = keys[i]);
            update stimuli set status = case when known then 'Closed' else 'Waiting' end, reason = case when known then 'the wait was over' end
                where id = ids[i];
        end loop;
    end if;
    if resumed is not null then
        with free as (
            select f.id from workflow_instances f
            where f.id = any (resumed) and f.status = 'Running' and not f.paused and (f.claim_token is null or f.lease_until < clock_now())
                and (f.retry_at is null or f.retry_at <= clock_now())
            for update skip locked),
        taken as (
            update workflow_instances w set claim_token = p_token, lease_node = p_node, lease_until = clock_now() + p_lease
            from free where w.id = free.id returning w.id)
        select array_agg(taken.id) into claimed from taken;
    end if;
    return query
        select f.id, l.id, l.token, l.version, l.workspace_id, l.definition_version_id, l.state, l.resumptions, l.bookmarks, l.payloads
        from unnest(fresh) f (id)
        left join (select distinct on (h.instance) h.stimulus, h.instance from unnest(heard, resumed) h (stimulus, instance)
            where h.instance = any (claimed) order by h.instance) h on h.stimulus = f.id
        left join workflow_leased(claimed) l on l.id = h.instance;
end $$;
