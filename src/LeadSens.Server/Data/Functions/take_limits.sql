-- Takes up to `wanted` jobs' worth of calls from all the accounts at once, or fewer, and says when they may start. Rows are locked in
-- the order of their keys. Starts may lie up to `horizon` ahead, so that a fast rate does not need a statement per call. `used`: the
-- jobs that this node runs on each account; what it holds of the concurrency becomes that plus the grant. A node's share of the
-- concurrency shrinks with the number of nodes that asked lately, so that none keeps it all.
create or replace function take_limits(keys text[], calls int[], used int[], wanted int, horizon interval, node uuid, probe boolean)
returns table (account text, granted int, starts_in double precision, spacing double precision, retry_in double precision)
language plpgsql as $$
declare
    now_at timestamptz := clock_now();
    ahead double precision := extract(epoch from horizon);
    n int := wanted;
    l record;
begin
    for l in
        select x.*, a.calls, a.used, greatest(x.burst, a.calls) as depth, 1 / x.per_second as t,
            greatest(extract(epoch from x.tat - now_at)::double precision, 0) as base
        from limits x join unnest(keys, calls, used) as a (key, calls, used) on a.key = x.key
        order by x.key for update of x
    loop
        if l.blocked_until > now_at or (l.circuit_until is not null and not probe) then
            n := 0;
        end if;
        if l.per_second is not null then
            -- The hair's breadth keeps a whole token from being rounded down.
            n := least(n, greatest(0, floor(((ahead - l.base) / l.t + l.depth) / l.calls + 1e-6))::int);
        end if;
        if l.concurrency is not null then
            n := least(n, (
                select greatest(0, least(
                    ceil(l.concurrency::numeric / (1 + count(*) filter (where s.asked_at > now_at - interval '3 seconds')))::int,
                    l.concurrency - coalesce(sum(s.held), 0)::int) - l.used)
                from limit_slots s where s.key = l.key and s.node_id <> node and s.lease_until > now_at));
        end if;
    end loop;

    for l in
        select x.*, a.calls, a.used, greatest(x.burst, a.calls) as depth, 1 / x.per_second as t,
            greatest(extract(epoch from x.tat - now_at)::double precision, 0) as base
        from limits x join unnest(keys, calls, used) as a (key, calls, used) on a.key = x.key
        order by x.key
    loop
        if n > 0 and l.per_second is not null then
            update limits x set tat = now_at + make_interval(secs => l.base + n * l.calls * l.t) where x.key = l.key;
        end if;
        if l.concurrency is not null then
            insert into limit_slots as s (key, node_id, held, lease_until, asked_at)
            values (l.key, node, l.used + n, now_at + interval '60 seconds', now_at)
            on conflict (key, node_id) do update set held = excluded.held, lease_until = excluded.lease_until, asked_at = excluded.asked_at;
        end if;
        account := l.key;
        granted := n;
        spacing := coalesce(l.calls * l.t, 0);
        -- Below zero while the burst lasts: the n-th job starts at starts_in + n * spacing. Null: no rate.
        starts_in := l.base + (l.calls - l.depth) * l.t;
        -- What waits for concurrency is woken by this node's own jobs; the time is for slots that other nodes give back.
        retry_in := greatest(case when l.concurrency is null then 0.005 else 0.1 end,
            extract(epoch from l.blocked_until - now_at),
            case when not probe then extract(epoch from l.circuit_until - now_at) end,
            l.base + (n * l.calls + l.calls - l.depth) * l.t - ahead / 2);
        return next;
    end loop;
end $$;
