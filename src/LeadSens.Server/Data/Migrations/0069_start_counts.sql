-- How many runs a workspace started by requests, by minute and node: each node writes its own rows and adds up those of all. Two minutes of them are read.
create table workflow_start_counts (
    minute bigint not null, -- of the database's clock, since 1970
    workspace_id uuid not null references workspaces (id) on delete cascade,
    node_id uuid not null,
    starts integer not null,
    primary key (minute, workspace_id, node_id));
create index on workflow_start_counts (workspace_id);
