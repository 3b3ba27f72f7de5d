-- The database's clock. Leases, timers and limits ask only this function; a test shifts it for the whole cluster.
create table clock_shift (only_row boolean primary key default true check (only_row), shift interval not null default '0');
insert into clock_shift default values;
create function clock_now() returns timestamptz language sql stable parallel safe
    as 'select clock_timestamp() + shift from clock_shift';

create table workspaces (
    id uuid primary key,
    name text not null,
    company_dna text not null default '',
    created_at timestamptz not null default now());

create table api_keys (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    name text not null,
    key_hash bytea not null unique,
    created_at timestamptz not null default now());

create table campaigns (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    name text not null,
    status text not null,                  -- Draft, Running, AwaitingApproval, Paused, Completed, Cancelled, Faulted
    paused_from text,                      -- the status that resume goes back to
    icp jsonb not null,                    -- {description, jobTitles[], industries[], countries[], companySizes[]}
    lead_limit int not null,
    threshold int not null,
    budget_usd numeric(12, 6),
    targets text[] not null,
    workflow text not null,                -- the definition that runs it
    workflow_instance_id uuid,
    waits_for text,
    fault text,
    leads_counted bigint not null default 0,
    source_list_id text,                   -- the provider's list that sourcing filled
    push_campaign_id text,                 -- the provider's campaign that the leads were pushed to
    cost_usd numeric(14, 8) not null default 0,
    cost_reserved_usd numeric(14, 8) not null default 0,
    ai_calls bigint not null default 0,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz);
create index on campaigns (workspace_id, id);

create table leads (
    id uuid primary key,
    workspace_id uuid not null,
    campaign_id uuid not null references campaigns (id),
    source text not null,                  -- instantly
    source_id text not null,               -- the provider's id of the lead
    email text,
    email_key text,                        -- normalised: trimmed, lower case
    first_name text,
    last_name text,
    job_title text,
    company_name text,
    website text,
    industry text,
    company_size text,
    country text,
    city text,
    linkedin_url text,
    source_verification int,               -- the provider's own verification status, as it came
    status text not null,
    enrichment_status text not null default 'None',
    verification_status text not null default 'Unchecked',
    verification_source text,
    verified_at timestamptz,
    exclusion_reason text,                 -- why the lead is left out, in words for a user
    failure text,                          -- what is missing and why, in words for a user
    score int,
    score_band text,
    score_breakdown jsonb,                 -- {jobTitleFit, companyFit, industryRelevance, locationFit}
    score_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (campaign_id, source, source_id)) with (fillfactor = 70);
create index on leads (workspace_id, email_key);

create table lead_enrichments (
    lead_id uuid primary key references leads (id) on delete cascade,
    workspace_id uuid not null,
    website text,
    profile jsonb,                         -- the typed summary, null where the scrape failed
    failure text,
    prompt_version text,
    enriched_at timestamptz not null);

create table drafts (
    lead_id uuid not null references leads (id) on delete cascade,
    step int not null,                     -- 1, 2, 3
    workspace_id uuid not null,
    campaign_id uuid not null,
    subject text not null,
    body text not null,
    original_subject text,                 -- before a reviewer's edit
    original_body text,
    language text not null,
    prompt_version text not null,
    flags text[] not null default '{}',    -- rules that the draft still breaks after its one redo
    created_at timestamptz not null,
    primary key (lead_id, step));

create table style_samples (
    id uuid primary key,
    workspace_id uuid not null,
    lead_id uuid not null,
    step int not null,
    original text not null,
    edited text not null,
    created_at timestamptz not null);
create index on style_samples (workspace_id, id desc);

create table suppressions (
    id uuid primary key,
    workspace_id uuid not null,
    kind text not null check (kind in ('address', 'domain')),
    value text not null,                   -- lower case
    reason text,
    created_at timestamptz not null,
    unique (workspace_id, kind, value));
