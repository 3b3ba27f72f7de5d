-- Runs that were started by runs, by the one at the root of them all: what a run may start is counted over its whole family.
alter table workflow_instances add column root_id uuid;
create index workflow_instances_family on workflow_instances (root_id, created_at) where root_id is not null;
