-- A field of canonical bytes: its length, then itself, so that no two different lists of fields give the same bytes. Not declared
-- immutable, because then the planner could not inline it (convert_to is stable).
create function canon(value text) returns bytea language sql stable parallel safe
    return int4send(octet_length(convert_to(coalesce(value, ''), 'UTF8'))) || convert_to(coalesce(value, ''), 'UTF8');

create table approvals (
    id uuid primary key,
    workspace_id uuid not null,
    campaign_id uuid not null references campaigns (id),
    instance_id uuid not null,             -- the run that waits
    node_id text not null,                 -- the box that asked; each of its rounds is an approval of its own
    round int not null,
    status text not null check (status in ('pending', 'approved', 'rejected', 'changes_requested', 'timed_out', 'cancelled')),
    content_hash bytea not null,           -- over what is shown now: the leads' hashes in order of their ids
    decided_hash bytea,                    -- over what was decided, edits included
    lead_count int not null,
    roles text[] not null default '{}',    -- who may decide in the app; empty: everybody in the workspace
    not_by text,                           -- the requester, where the setting keeps him from deciding
    comment text,
    decided_by text,
    decided_at timestamptz,
    expires_at timestamptz not null,
    created_at timestamptz not null);
create index on approvals (workspace_id, id);
create index on approvals (campaign_id, id);

create table approval_leads (
    approval_id uuid not null references approvals (id) on delete cascade,
    lead_id uuid not null references leads (id) on delete cascade,
    content_hash bytea not null,           -- as shown
    decision text check (decision in ('approve', 'reject', 'requestChanges')),   -- while pending: a choice that is saved, not made
    decided_hash bytea,                    -- as decided, edits included; set for approved leads
    comment text,
    primary key (approval_id, lead_id));
create index on approval_leads (lead_id);

create table approval_tokens (
    token_hash bytea primary key,          -- sha256 of the 256 random bits in the link
    approval_id uuid not null references approvals (id) on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz,
    created_at timestamptz not null);
create index on approval_tokens (approval_id);

-- One row per call that may not be repeated. Written and durable before the call.
create table intents (
    id uuid primary key,                   -- part of the name that the provider stores
    workspace_id uuid not null,
    campaign_id uuid not null references campaigns (id),
    account text not null,                 -- the provider account
    kind text not null,                    -- credits.spend, campaign.create, lead.add, campaign.activate
    subject text not null,                 -- what it is about: a campaign, a campaign and an e-mail address
    lead_id uuid,
    state text not null check (state in ('planned', 'sending', 'sent', 'done', 'refused')),
    request jsonb,
    content_hash bytea,
    fence bigint not null default 0,       -- the writer that may send it
    attempts int not null default 0,
    look_up_after timestamptz,             -- a request that may be under way could still take effect before
    provider_id text,
    reason text,                           -- why it was refused, or what the last answer said
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (account, kind, subject)) with (fillfactor = 70);
create index on intents (campaign_id, kind, state);
create index on intents (lead_id) where lead_id is not null;

-- The one writer of a campaign's leads: whoever took the highest fence. An older one can mark nothing as sending.
create table push_writers (
    campaign_id uuid primary key references campaigns (id),
    fence bigint not null,
    job_id uuid not null,
    taken_at timestamptz not null);

create table receipt_heads (
    campaign_id uuid primary key references campaigns (id),
    sequence bigint not null,
    mac bytea not null);

create table receipts (
    campaign_id uuid not null references campaigns (id),
    sequence bigint not null,
    workspace_id uuid not null,
    intent_id uuid not null unique references intents (id),
    account text not null,
    kind text not null,
    subject text not null,
    lead_id uuid,
    content_hash bytea,
    provider_id text not null,
    at timestamptz not null,
    mac bytea not null,                    -- HMAC over the mac before it and this receipt's canonical bytes
    primary key (campaign_id, sequence));
