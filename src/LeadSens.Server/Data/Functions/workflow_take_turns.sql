-- Takes leases of runs that have something to do: one of each workspace, then a second of each, and so on, where those count that the node runs
-- already; of no workspace more than its share of a node. Within a workspace, the longest waiting first. Each part walks an index and stops when it
-- has enough. A run with which a node died is taken alone, and only when the node runs no other such (suspect: it does not), so that none is blamed for
-- another's deed.
create or replace function workflow_take_turns(most int, share int, suspect boolean, busy uuid[], running int[], p_token uuid, p_node uuid, p_lease interval)
returns table (id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[],
    payloads text[], deaths int)
language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_hashagg = off as $$
#variable_conflict use_column
declare claimed uuid[];
begin
    with recursive unfinished_of as (
        (select i.workspace_id as w from workflow_instances i where i.runnable order by i.workspace_id limit 1)
        union all
        select (select i.workspace_id from workflow_instances i where i.runnable and i.workspace_id > u.w order by i.workspace_id limit 1)
            from unfinished_of u where u.w is not null),
    resumed_of as (
        (select r.workspace_id as w from workflow_resumptions r where r.workspace_id is not null order by r.workspace_id limit 1)
        union all
        select (select r.workspace_id from workflow_resumptions r where r.workspace_id > u.w order by r.workspace_id limit 1) from resumed_of u
            where u.w is not null),
    shares as (
        select o.w, coalesce(b.running, 0) as running, least(most, share - coalesce(b.running, 0)) as room
        from (select w from unfinished_of where w is not null union select w from resumed_of where w is not null) o
        left join unnest(busy, running) b (w, running) on b.w = o.w),
    unfinished as (
        select s.w, s.running, u.id, u.at, u.deaths from shares s cross join lateral (
            select i.id, i.queued_at as at, i.deaths from workflow_instances i
            where s.room > 0 and (i.deaths = 0 or suspect) and i.runnable and i.workspace_id = s.w and i.status = 'Running' and not i.paused
                and (i.claim_token is null or i.lease_until < clock_now()) and (i.retry_at is null or i.retry_at <= clock_now())
            order by i.queued_at limit greatest(s.room, 0) for update of i skip locked) u),
    resumed as (
        select s.w, s.running, u.id, u.at, u.deaths from shares s cross join lateral (
            select i.id, i.updated_at as at, i.deaths
            from (select distinct r.instance_id from workflow_resumptions r where r.workspace_id = s.w order by r.instance_id) waiting
            join workflow_instances i on i.id = waiting.instance_id
            where s.room > 0 and (i.deaths = 0 or suspect) and i.status = 'Running' and not i.paused and (i.claim_token is null
                or i.lease_until < clock_now()) and (i.retry_at is null or i.retry_at <= clock_now())
            order by waiting.instance_id limit greatest(s.room, 0) for update of i skip locked) u),
    wanted as (select t.w, t.running, t.id, t.deaths, min(t.at) as at from (select * from unfinished union all select * from resumed) t group by 1, 2, 3, 4),
    chosen as (
        select c.id from (
            select t.id, t.at, t.deaths, t.running + row_number() over (partition by t.w order by t.at, t.id) as turn,
                row_number() over (partition by t.deaths > 0 order by t.at, t.id) as nth from wanted t) c
        where c.turn <= share and (c.deaths = 0 or c.nth = 1) order by c.turn, c.at limit most),
    taken as (
        update workflow_instances i set claim_token = p_token, lease_node = p_node, lease_until = clock_now() + p_lease
        from chosen where i.id = chosen.id returning i.id)
    select array_agg(taken.id) into claimed from taken;
    if claimed is not null then
        return query select l.*, i.deaths from workflow_leased(claimed) l join workflow_instances i on i.id = l.id;
    end if;
end $$;
