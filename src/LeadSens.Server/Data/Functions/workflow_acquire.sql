-- Takes leases of runs that have something to do: of one that is wanted, or of up to `most`.
create or replace function workflow_acquire(wanted uuid, most int, p_token uuid, p_node uuid, p_lease interval)
returns table (id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[],
    payloads text[])
language plpgsql
-- Before the first statistics of a new or quickly growing database the planner reads all instances. Both halves walk an index, oldest first, and
-- stop when they have enough: ten thousand that come due at once are not read again for each handful that is taken.
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_hashagg = off as $$
declare claimed uuid[];
begin
    with unfinished as (
        select i.id from workflow_instances i
        where i.runnable and (wanted is null or i.id = wanted)
            and i.status = 'Running' and not i.paused and (i.claim_token is null or i.lease_until < clock_now()) and (i.retry_at is null
                or i.retry_at <= clock_now())
        order by i.id limit most for update of i skip locked),
    resumed as (
        select i.id from (select distinct r.instance_id from workflow_resumptions r where wanted is null or r.instance_id = wanted
            order by r.instance_id) waiting
        join workflow_instances i on i.id = waiting.instance_id
        where i.status = 'Running' and not i.paused and (i.claim_token is null or i.lease_until < clock_now()) and (i.retry_at is null
            or i.retry_at <= clock_now())
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
