-- Runs of a workspace are found by (workspace_id, created_at) since 0031, single ones by their id: this one only cost bytes.
drop index workflow_instances_workspace_id_id_idx;
