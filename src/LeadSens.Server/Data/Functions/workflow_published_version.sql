-- The version that a new run of a workspace gets: the one that the workspace sees as published (workflow_definitions_of).
create or replace function workflow_published_version(p_workspace uuid, p_definition text) returns text language sql stable as $$
    select version_id from workflow_definitions
    where definition_id = p_definition and (workspace_id = p_workspace or workspace_id is null) and published and deleted_at is null
      and not exists (select from workflow_definitions where definition_id = p_definition and workspace_id = p_workspace and retracted and deleted_at is null)
      and (workspace_id is not null or version < coalesce(
        (select min(version) from workflow_definitions where definition_id = p_definition and workspace_id = p_workspace and deleted_at is null), 2147483647))
    order by workspace_id nulls last, version desc
    limit 1
$$;
