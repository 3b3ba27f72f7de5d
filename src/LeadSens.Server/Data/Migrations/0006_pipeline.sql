-- Which status a failed lead had: the stage that set it picks it up again when its box is retried.
alter table leads add column failed_from text;
-- What a reviewer wants different; set with the decision, cleared when the lead is drafted again.
alter table leads add column changes_requested text;

-- When its sequence was first complete; stays when the lead goes on.
alter table leads add column drafted_at timestamptz;

-- Lists and stages walk a campaign's leads in the order of their creation.
create index leads_of_campaign on leads (campaign_id, id);
create index leads_of_workspace on leads (workspace_id, id);
