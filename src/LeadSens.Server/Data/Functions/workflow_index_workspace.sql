-- A new workspace has the shipped workflows in service, and so their triggers.
create or replace function workflow_index_workspace() returns trigger language plpgsql as $$
begin
    perform workflow_index_triggers(new.id, d.definition_id) from (
        select distinct w.definition_id from workflow_definitions w join workflow_version_triggers t using (version_id)
        where w.workspace_id is null and w.published and w.deleted_at is null) d;
    return null;
end $$;
