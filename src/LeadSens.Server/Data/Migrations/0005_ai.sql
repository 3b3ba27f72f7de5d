-- Every call of a language model. Rows are only added; a campaign's cost is kept on the campaign itself.
create table ai_events (
    id uuid primary key,
    workspace_id uuid not null,
    campaign_id uuid,
    lead_id uuid,
    purpose text not null,                 -- score, summary, draft, chat
    provider text not null,
    model text not null,                   -- the model that answered; the one that was asked where none did
    prompt_version text not null,
    tokens_in int not null,
    tokens_out int not null,
    cost_usd numeric(14, 8) not null,
    latency_ms int not null,
    outcome text not null,                 -- ok, broken (outside its schema), or the failure's kind
    at timestamptz not null);
create index on ai_events (campaign_id, id) where campaign_id is not null;
create index on ai_events (workspace_id, id);
