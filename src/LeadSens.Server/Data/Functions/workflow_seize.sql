-- Takes the lease of a run for a change from outside. 'any': from whoever has it; 'waiting': where it waits and has nothing to do; 'revive': for a
-- retry, which takes what met incidents and nobody runs, because the burst that it would rob could have called somebody outside.
create or replace function workflow_seize(wanted uuid, p_token uuid, p_node uuid, p_lease interval, which text)
returns table (id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[],
    payloads text[])
language plpgsql as $$
begin
    update workflow_instances i set claim_token = p_token, lease_node = p_node, lease_until = clock_now() + p_lease,
        activation_key = case when which = 'revive' then activation else activation_key end
        where i.id = wanted and case which
            when 'revive' then (i.claim_token is null or i.lease_until < clock_now()) and (i.sub_status = 'Faulted' or i.status = 'Running'
                and i.incident_count > 0)
            when 'waiting' then i.status = 'Running' and not i.runnable and (i.claim_token is null or i.lease_until < clock_now())
                and not exists (select from workflow_resumptions r where r.instance_id = i.id)
            else true end;
    if found then
        return query select * from workflow_leased(array[wanted]);
    end if;
end $$;
