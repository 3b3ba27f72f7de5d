-- Trigger of workflow_resumptions: notes the run's workspace, by which turns are taken.
create or replace function workflow_resumption_workspace() returns trigger language plpgsql as $$
begin
    select i.workspace_id into new.workspace_id from workflow_instances i where i.id = new.instance_id;
    return new;
end $$;
