-- A campaign's figures. Each statement that changes one appends how much (campaign_count_changes), so that nobody who writes waits for anybody; a sweep folds
-- that into the campaign's own row a few seconds later. The figures are the sum of both at every moment (campaign_count_parts), and never counted from the
-- leads. The triggers stand with their functions (…_count in Data/Functions), which are applied after the migrations; so does what counts what is here already.
create table campaign_counts (
    campaign_id uuid primary key,
    workspace_id uuid not null,
    sourced bigint not null default 0,
    duplicates bigint not null default 0,
    suppressed bigint not null default 0,
    scored bigint not null default 0,
    skipped bigint not null default 0,
    qualified bigint not null default 0,
    enriched bigint not null default 0,
    verified bigint not null default 0,
    not_verified bigint not null default 0,
    needs_review bigint not null default 0,
    drafted bigint not null default 0,
    rejected bigint not null default 0,
    synced bigint not null default 0,
    failed bigint not null default 0,
    approved bigint not null default 0,       -- leads that the last decision about them approved
    intents bigint not null default 0,        -- to add a lead at the provider
    pushed bigint not null default 0,
    refused bigint not null default 0,
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade) with (fillfactor = 50);

-- No key to the campaign: it would lock the campaign's row after those of its leads.
create table campaign_count_changes (like campaign_counts including defaults);
create index on campaign_count_changes (campaign_id);

create view campaign_count_parts as select * from campaign_counts union all select * from campaign_count_changes;

-- Leads of a campaign that count alike.
create type lead_group as (campaign_id uuid, workspace_id uuid, status text, scored boolean, enrichment text, verification text, drafted boolean, leads bigint);
