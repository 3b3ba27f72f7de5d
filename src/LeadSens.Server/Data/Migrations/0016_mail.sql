-- A mail to a person belongs to no campaign, and the one that confirms an address to no workspace.
alter table batches alter column workspace_id drop not null, alter column campaign_id drop not null;
alter table jobs alter column workspace_id drop not null, alter column campaign_id drop not null;

create table mails (
    id uuid primary key,
    idempotency_key text not null unique,  -- names the occasion and whom it is for by ids
    message_id text not null,              -- made of the key, so that every attempt carries the same
    workspace_id uuid references workspaces (id) on delete cascade,
    user_id uuid references users (id) on delete cascade,
    kind text not null,
    language text not null,
    sealed_message bytea,                  -- recipient and texts, which hold links that open something; null once it is sent
    state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'unknown', 'expired')),
    sending_job uuid,                      -- the one attempt that may hand over the text
    failure text,
    created_at timestamptz not null,
    expires_at timestamptz,                -- what it links to ends then; it is not sent afterwards
    sent_at timestamptz);
create index on mails (workspace_id, id);
create index on mails (user_id);
create index on mails (created_at);

-- Accounts from before addresses were confirmed were in use already.
alter table users
    add column language text not null default 'en' check (language in ('en', 'fr')),
    add column confirmed_at timestamptz;
update users set confirmed_at = created_at;
alter table workspaces add column language text not null default 'en' check (language in ('en', 'fr'));

create table account_links (
    token_hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    purpose text not null check (purpose in ('confirm', 'reset')),
    first_name text,                       -- to confirm: what was registered together with this link, and nobody else's password
    last_name text,
    password_hash text,
    invitation_hash bytea,                 -- to confirm: the invitation that the registration came from
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz);
create index on account_links (user_id, purpose, created_at);

-- Whose link it is: who decides by it is that person, or that key. A link of neither is from before.
alter table approval_tokens
    add column user_id uuid references users (id) on delete cascade,
    add column key_id uuid references api_keys (id) on delete cascade;
create index on approval_tokens (user_id) where user_id is not null;
alter table campaigns add column started_by text;

alter table approvals add column requester text;   -- who started the campaign, where the box keeps him from deciding

-- Whether two names are one person as far as deciding goes: a key acts for whoever made it.
create function same_actor(workspace uuid, one text, other text) returns boolean language sql stable as $$
    select coalesce(one = other, false) or exists (
        select from api_keys k where k.workspace_id = workspace and k.created_by is not null
            and (('api-key:' || k.name = one and k.created_by = other) or ('api-key:' || k.name = other and k.created_by = one)))
$$;

-- Who is kept out of deciding: the requester where the box says so, and at a box that confirms whoever decided at another one of the run.
create function kept_out(a approvals, who text) returns boolean language sql stable as $$
    select same_actor(a.workspace_id, a.not_by, who) or same_actor(a.workspace_id, a.requester, who)
        or a.by_somebody_else and exists (
            select from approvals o where o.instance_id = a.instance_id and o.node_id <> a.node_id and o.status <> 'cancelled' and same_actor(a.workspace_id, o.decided_by, who))
$$;

create table workspace_slack (
    workspace_id uuid primary key references workspaces (id) on delete cascade,
    sealed_url bytea not null,
    broken_reason text,                    -- why nothing is sent any more; null: it works as far as is known
    set_by text not null,
    set_at timestamptz not null,
    delivered_at timestamptz);
