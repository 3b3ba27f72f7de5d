-- Of which shapes the paths are that a workspace's workflows take: how many parts, and which of them are parameters (the first part is the highest bit). A request is looked up by as many keys
-- as the workspace has shapes of its length, instead of by every shape that there could be.
create table workflow_route_shapes (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    segments int not null,
    parameters int not null,
    primary key (workspace_id, segments, parameters));

-- The shape in the key of a trigger or a bookmark; no row where it is no endpoint's.
create function workflow_route_shape(key text) returns table (workspace_id uuid, segments int, parameters int) language sql immutable as $$
    select parts[1]::uuid, cardinality(form), (select coalesce(sum(case when part = '{}' then 1 << (cardinality(form) - nr::int) else 0 end), 0)::int from unnest(form) with ordinality p (part, nr))
    from regexp_match(key, '^http:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):[A-Z]+:(.+)$') parts,
        lateral string_to_array(parts[2], '/') form
    where parts is not null
$$;

create function workflow_route_added() returns trigger language plpgsql as $$
begin
    insert into workflow_route_shapes (workspace_id, segments, parameters)
    select s.workspace_id, s.segments, s.parameters from workflow_route_shape(new.key) s
    where exists (select from workspaces w where w.id = s.workspace_id)
        and not exists (select from workflow_route_shapes k where k.workspace_id = s.workspace_id and k.segments = s.segments and k.parameters = s.parameters)
    on conflict do nothing;
    return null;
end $$;

create trigger workflow_route_added after insert or update of key on workflow_triggers for each row when (new.key like 'http:%') execute function workflow_route_added();
create trigger workflow_route_added after insert on workflow_bookmarks for each row when (new.key like 'http:%') execute function workflow_route_added();

insert into workflow_route_shapes (workspace_id, segments, parameters)
select distinct s.workspace_id, s.segments, s.parameters
from (select key from workflow_triggers where key like 'http:%' union select key from workflow_bookmarks where key like 'http:%' and state = 0) k, lateral workflow_route_shape(k.key) s
where exists (select from workspaces w where w.id = s.workspace_id);
