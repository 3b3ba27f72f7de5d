-- Whose transaction sent it; null: the Server's own work over all workspaces. A workspace sees its own alone.
alter table stimuli add column workspace_id uuid default nullif(current_setting('leadsens.workspace', true), '')::uuid;
