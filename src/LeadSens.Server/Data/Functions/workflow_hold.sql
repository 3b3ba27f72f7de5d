-- The first half of a commit: locks its keys and holds the instance to its lease, so that the burst's own writes can follow. False when the lease was lost.
create or replace function workflow_hold(instance uuid, token uuid, expected bigint, keys text[]) returns boolean language plpgsql as $$
begin
    perform workflow_lock_keys(keys);
    perform from workflow_instances where id = instance and claim_token = token and version = expected for update;
    return found;
end $$;
