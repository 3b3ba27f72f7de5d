-- Who watches a workspace: each node where somebody does renews the row. What changes in workspaces that nobody watches is noted nowhere, and costs nothing.
create table workspace_watches (
    workspace_id uuid primary key references workspaces (id) on delete cascade,
    watched_until timestamptz not null,
    began xid8 not null,                      -- the transaction that began the watch
    settled xid8) with (fillfactor = 50);     -- when all before this one have ended, none is left that had not seen the watch: from then on nothing is missing
create index on workspace_watches (watched_until);

-- What changed there, from the transaction that changed it: the triggers stand with their functions (note_… in Data/Functions). Nobody reads this in an order:
-- a reader says what the snapshot was up to which it was told, and gets what that one does not see, whichever transaction began first. Forgotten after some
-- minutes.
create table workspace_changes (
    workspace_id uuid not null,
    xid xid8 not null default pg_current_xact_id(),
    kind text not null,                       -- campaign, approval, connection, run
    entity uuid not null);
create index on workspace_changes (workspace_id, xid);
create index on workspace_changes (xid);

-- Now every change of a campaign is told.
drop table campaign_news;
