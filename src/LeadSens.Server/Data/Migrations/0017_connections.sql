-- Signing keys that were derived from replaced master keys, sealed with the current one: what they signed still verifies after the master key is gone.
create table retired_keys (
    use text not null,
    key_id text not null,                  -- of the master key that it was derived from
    sealed_key bytea not null,
    retired_at timestamptz not null,
    primary key (use, key_id));

-- A workspace's own account at a provider.
create table connections (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    provider text not null,
    state text not null check (state in ('connected', 'broken', 'disconnected')),
    method text not null check (method in ('oauth', 'key')),
    is_sandbox boolean not null,
    account_key text not null,             -- names the account in limits, circuits and intents
    account_id text,                       -- as the vendor names it; null: it does not say
    account_name text,
    scopes text[] not null default '{}',   -- as far as the vendor tells
    credentials bytea check (credentials is not null or state = 'disconnected'), -- sealed; erased when disconnected
    version bigint not null default 1,     -- rises with every change of the credentials; what was made from an older one is not written
    expires_at timestamptz,                -- of the access token; null: never
    rotated_at timestamptz not null,       -- when the credentials last changed
    health text not null check (health in ('ok', 'limited', 'failing', 'unknown')),
    error_code text,
    error text,                            -- a sentence for a person
    checked_at timestamptz,
    refresh_token uuid,                    -- the lease of whoever refreshes now
    refresh_node uuid,
    refresh_until timestamptz,
    doubted_at timestamptz,                -- a job was refused; somebody has to look
    connected_by text not null,
    connected_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (workspace_id, provider));
create index connections_doubted on connections (doubted_at) where doubted_at is not null;
create index connections_expiring on connections (expires_at) where expires_at is not null and state = 'connected';

-- An authorization that was begun and not finished: works once, for the session that began it.
create table connection_states (
    state_hash bytea primary key,          -- SHA-256
    workspace_id uuid not null references workspaces (id) on delete cascade,
    provider text not null,
    user_id uuid not null,
    session_id uuid not null,
    verifier bytea not null,               -- sealed; PKCE
    redirect_uri text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null);
create index on connection_states (expires_at);
