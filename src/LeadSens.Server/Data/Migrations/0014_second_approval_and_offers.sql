-- A second pair of eyes: who decided at another box of the run may not decide this one, and what is confirmed is not changed any more.
alter table approvals add column by_somebody_else boolean not null default false;

-- The version that a new run of a workspace gets is the one that the workspace sees as published (workflow_definitions_of). An unedited copy used to be
-- passed over for the newest shipped version, which its workspace could not open; now a newer one is offered.
create or replace function workflow_published_version(p_workspace uuid, p_definition text) returns text language sql stable as $$
    select version_id from workflow_definitions
    where definition_id = p_definition and (workspace_id = p_workspace or workspace_id is null) and published and deleted_at is null
      and not exists (select from workflow_definitions where definition_id = p_definition and workspace_id = p_workspace and retracted and deleted_at is null)
      and (workspace_id is not null or version < coalesce(
        (select min(version) from workflow_definitions where definition_id = p_definition and workspace_id = p_workspace and deleted_at is null), 2147483647))
    order by workspace_id nulls last, version desc
    limit 1
$$;
