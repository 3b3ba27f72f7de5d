-- Where a provider tells a workspace what happened: an address that nobody can guess, and the secret that the provider shows with each call.
create table webhook_endpoints (
    id uuid not null unique,               -- the last part of the address: 128 random bits
    workspace_id uuid not null references workspaces (id) on delete cascade,
    provider text not null check (provider in ('instantly', 'hubspot')),
    sealed_secret bytea not null,
    sealed_previous bytea,                 -- the secret before the last rotation, while both are taken
    previous_until timestamptz,
    created_at timestamptz not null,
    rotated_at timestamptz not null,
    primary key (workspace_id, provider));

-- What providers told: the queue, the memory of what came already, and the record.
create table webhook_events (
    id uuid primary key,
    workspace_id uuid not null,
    provider text not null,
    dedupe_key text not null,
    event_type text not null,
    object_id text,                        -- the provider's name of what it is about
    address_hash bytea,                    -- of the person it is about, under the workspace's salt
    lead_id uuid,
    occurred_at timestamptz not null,      -- at the provider; decides which of two events is the newer
    received_at timestamptz not null,
    sealed_body bytea,                     -- as it came; null once its time is over
    state text not null check (state in ('received', 'done', 'ignored', 'failed')),
    attempts int not null default 0,
    run_after timestamptz not null,
    failure text,
    unique (workspace_id, provider, dedupe_key));
create index webhook_events_due on webhook_events (run_after) where state = 'received';
create index on webhook_events (workspace_id, id);
create index on webhook_events (workspace_id, address_hash) where address_hash is not null;
create index on webhook_events (lead_id) where lead_id is not null;
create index webhook_events_age on webhook_events using brin (received_at);

alter table leads
    add column hubspot_id text,            -- the contact that it was synced to
    add column told_at timestamptz;        -- when what its provider told last had happened
create index leads_at_hubspot on leads (workspace_id, hubspot_id) where hubspot_id is not null;
