create table users (
    id uuid primary key,
    email text not null,                   -- as it was typed
    email_key text not null unique,        -- what makes two addresses the same account
    first_name text not null,
    last_name text not null,
    password_hash text not null,
    failed_logins int not null default 0,
    locked_until timestamptz,
    created_at timestamptz not null);

create table workspace_members (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    role text not null check (role in ('owner', 'member', 'approver', 'viewer')),
    created_at timestamptz not null,
    primary key (workspace_id, user_id));
create index on workspace_members (user_id);

-- A browser or a program that somebody signed in with; all its tokens end with it.
create table user_sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    workspace_id uuid references workspaces (id) on delete set null,
    kind text not null check (kind in ('cookie', 'bearer')),
    device text not null,
    address text,
    access_hash bytea unique,              -- SHA-256 of the access token
    access_expires_at timestamptz,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,       -- however much it is used
    ended_at timestamptz,
    ended_by text);                        -- logout, revoked, replaced, password_changed, token_reused
create index on user_sessions (user_id);

-- Used ones stay, so that a second use is noticed.
create table refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null references user_sessions (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz);
create index on refresh_tokens (session_id);

create table workspace_invitations (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    role text not null check (role in ('owner', 'member', 'approver', 'viewer')),
    email_key text,                        -- whom it is for; null: whoever has the link
    token_hash bytea not null unique,
    invited_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    used_by uuid references users (id) on delete set null);
create index on workspace_invitations (workspace_id);

-- Keys from before there were scopes may do all that they could.
alter table api_keys
    add column scopes text[] not null default '{read,approve,work,manage}' check (scopes <@ '{read,approve,work,manage}'::text[] and cardinality(scopes) > 0),
    add column expires_at timestamptz,
    add column last_used_at timestamptz,
    add column created_by text;
create index on api_keys (workspace_id);
