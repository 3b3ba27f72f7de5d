-- Ids made in SQL sort by their creation, like Guid.CreateVersion7; in SQL so that any PostgreSQL version has it.
create function new_id() returns uuid language sql volatile parallel safe
    as $$select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid$$;

create table batches (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    campaign_id uuid not null references campaigns (id),
    instance_id uuid,                      -- the workflow instance that waits for it; null: nobody waits
    retry_of uuid references batches (id), -- the batch whose failed jobs this one repeats
    kind text not null,
    parameters jsonb not null,
    state text not null,                   -- Running, Completed, Cancelled
    is_open boolean not null,              -- some job has not ended yet
    total int not null,
    completed int not null default 0,
    skipped int not null default 0,
    failed int not null default 0,
    cancelled int not null default 0,
    result jsonb not null default '{}',    -- what the jobs added up
    failure text,                          -- the first one
    paused_reason text,                    -- user, circuit_open, quota_exhausted, unauthorized, budget_exceeded
    paused_detail text,                    -- in words for a user
    paused_key text,                       -- the provider account whose circuit is open
    paused_until timestamptz,              -- when it goes on by itself; null: when a person resumes it
    created_at timestamptz not null,
    completed_at timestamptz) with (fillfactor = 50);
create index batches_open on batches (kind) where is_open;
create index batches_of_campaign on batches (campaign_id, id);

-- No foreign keys: jobs are written only together with their batch, and a check per row would double the price of a big batch.
create table jobs (
    id uuid primary key,
    batch_id uuid not null,
    seq int not null,                      -- its place in the batch
    workspace_id uuid not null,
    campaign_id uuid not null,
    kind text not null,
    lead_id uuid,
    payload jsonb,
    state text not null,                   -- Queued, Running, Completed, Skipped, Failed, Cancelled
    attempts int not null default 0,       -- those that were spent
    run_after timestamptz not null,
    started_at timestamptz,                -- its first claim
    claim_token uuid,                      -- the right to write its result
    node_id uuid,
    lease_until timestamptz,
    reserved_usd numeric(14, 8) not null default 0,
    reserved_until timestamptz,            -- the model calls' cost is counted by then
    checkpoint jsonb,
    failure_kind text,
    failure text,
    ended_at timestamptz,
    unique (batch_id, lead_id)) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
create index jobs_queued on jobs (batch_id, run_after, seq) where state = 'Queued';
create index jobs_running on jobs (node_id) where state = 'Running';
create index jobs_failed on jobs (workspace_id, id) where state = 'Failed';
create index jobs_reserving on jobs (campaign_id) where reserved_usd > 0;
create index jobs_of_workspace on jobs (workspace_id, id);

-- One row per provider account that is limited, penalised or down. No row: no limit and no SQL.
create table limits (
    key text primary key,
    per_second double precision,           -- null: no rate
    burst int not null default 1,
    concurrency int,                       -- in the whole cluster; null: no limit
    tat timestamptz not null,              -- GCRA's theoretical arrival time
    blocked_until timestamptz,             -- what Retry-After said
    circuit_until timestamptz,             -- open until then, when one probe may go; null: closed
    circuit_trips int not null default 0,
    circuit_reason text) with (fillfactor = 50);

-- What a node holds of an account's concurrency.
create table limit_slots (
    key text not null,
    node_id uuid not null,
    held int not null,
    lease_until timestamptz not null,
    asked_at timestamptz not null,
    primary key (key, node_id)) with (fillfactor = 50);

create table outbox_events (
    id uuid primary key,
    workspace_id uuid not null,
    type text not null,
    payload jsonb not null,
    status text not null default 'pending', -- pending, processing, sent, failed, dead_letter
    attempts int not null default 0,
    run_after timestamptz not null,
    claim_token uuid,
    node_id uuid,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz not null,
    sent_at timestamptz) with (fillfactor = 70);
create index outbox_due on outbox_events (run_after, id) where status in ('pending', 'failed');
create index outbox_processing on outbox_events (node_id) where status = 'processing';
create index outbox_of_workspace on outbox_events (workspace_id, status, id);

-- Takes up to `wanted` jobs' worth of calls from all the accounts at once, or fewer, and says when they may start. Rows are locked in
-- the order of their keys. Starts may lie up to `horizon` ahead, so that a fast rate does not need a statement per call. `used`: the
-- jobs that this node runs on each account; what it holds of the concurrency becomes that plus the grant. A node's share of the
-- concurrency shrinks with the number of nodes that asked lately, so that none keeps it all.
create function take_limits(keys text[], calls int[], used int[], wanted int, horizon interval, node uuid, probe boolean)
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
