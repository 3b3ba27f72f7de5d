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

-- As in 0011, but what renews tokens is in service only where there are tokens: a run every five minutes in each workspace would be for nothing.
create or replace function workflow_index_triggers(p_workspace uuid, p_definition text) returns void language plpgsql as $$
declare
    in_service constant text := case when p_definition <> 'refresh-tokens'
        or exists (select from connections c where c.workspace_id = p_workspace and c.state = 'connected' and c.expires_at is not null)
        then workflow_published_version(p_workspace, p_definition) end;
    is_shipped constant boolean := exists (select from workflow_definitions d where d.version_id = in_service and d.workspace_id is null);
    now constant timestamptz := clock_now();
begin
    delete from workflow_triggers t where t.workspace_id = p_workspace and t.definition_id = p_definition
        and not exists (select from workflow_version_triggers d where d.version_id = in_service and d.activity_id = t.activity_id and d.ordinal = t.ordinal
            and d.schedule is not distinct from t.schedule and replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text) is not distinct from t.key);
    insert into workflow_triggers (workspace_id, definition_id, version_id, activity_id, ordinal, activity_type, key, payload, schedule, exclusive, since, due_at)
        select p_workspace, p_definition, d.version_id, d.activity_id, d.ordinal, d.activity_type,
            replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text), d.payload, d.schedule, d.exclusive, now, case when d.schedule is not null then now end
        from workflow_version_triggers d where d.version_id = in_service
            -- What a workspace made itself goes before what is shipped.
            and not (is_shipped and d.exclusive and exists (select from workflow_triggers x where x.workspace_id = p_workspace and x.definition_id <> p_definition
                and x.key = replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text)))
        on conflict (workspace_id, definition_id, activity_id, ordinal) do update set
            version_id = excluded.version_id, activity_type = excluded.activity_type, payload = excluded.payload, exclusive = excluded.exclusive;
end $$;

create function connections_index_refresh() returns trigger language plpgsql as $$
begin
    perform workflow_index_triggers(new.workspace_id, 'refresh-tokens');
    return null;
end $$;
create trigger connections_index_refresh after update of state, expires_at on connections for each row
    when ((old.state = 'connected' and old.expires_at is not null) <> (new.state = 'connected' and new.expires_at is not null))
    execute function connections_index_refresh();
