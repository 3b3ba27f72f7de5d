-- Trigger of triggers and bookmarks: notes the shapes of the addresses that a workspace listens at.
create or replace function workflow_route_added() returns trigger language plpgsql as $$
begin
    insert into workflow_route_shapes (workspace_id, segments, parameters)
    select s.workspace_id, s.segments, s.parameters from workflow_route_shape(new.key) s
    where exists (select from workspaces w where w.id = s.workspace_id)
        and not exists (select from workflow_route_shapes k where k.workspace_id = s.workspace_id and k.segments = s.segments and k.parameters = s.parameters)
    on conflict do nothing;
    return null;
end $$;
