-- Before the first statistics of a new or quickly growing database the planner read all instances, whatever is busy among them, each time that
-- leases were taken. These two touch a handful of rows by index, always.
alter function workflow_acquire(uuid, int, uuid, uuid, interval) set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off;

-- What waits for the instances under a lease just taken, oldest first.
create function workflow_inboxes(token uuid) returns table (instance_id uuid, id uuid, bookmark_id uuid, payload text) language sql stable
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
    select r.instance_id, r.id, r.bookmark_id, r.payload from workflow_instances i join workflow_resumptions r on r.instance_id = i.id
    where (i.runnable or i.claim_token is not null) and i.claim_token = token
    order by r.seq
$$;

-- Each commit writes its row into every index anew; most instances have no correlation id.
drop index workflow_instances_correlation_id_idx;
create index workflow_instances_correlation on workflow_instances (correlation_id) where correlation_id is not null;
