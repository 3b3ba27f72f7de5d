-- Rises when something outside the campaign's own steps changed leads of it (a reply, an erasure): who watches the campaign looks again. A row of its own, so that
-- a reply waits for no decision that holds the campaign.
create table campaign_news (
    campaign_id uuid primary key,
    workspace_id uuid not null,
    number bigint not null default 1,
    foreign key (workspace_id, campaign_id) references campaigns (workspace_id, id) on delete cascade);
