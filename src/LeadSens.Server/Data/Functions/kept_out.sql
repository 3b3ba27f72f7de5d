-- Who is kept out of deciding: the requester where the box says so, and at a box that confirms whoever decided at another one of the run.
create or replace function kept_out(a approvals, who text) returns boolean language sql stable as $$
    select same_actor(a.workspace_id, a.not_by, who) or same_actor(a.workspace_id, a.requester, who)
        or a.by_somebody_else and exists (
            select from approvals o where o.instance_id = a.instance_id and o.node_id <> a.node_id and o.status <> 'cancelled'
                and same_actor(a.workspace_id, o.decided_by, who))
$$;
