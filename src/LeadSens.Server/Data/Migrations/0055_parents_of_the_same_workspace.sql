-- A row that names another row of a workspace names it by (workspace_id, id), so that no statement, whatever it forgot, joins the rows of two workspaces.
-- docs/decisions/0004-composite-foreign-keys.md says which columns are left out, and why.
alter table campaigns add unique (workspace_id, id);
alter table leads add unique (workspace_id, id);
-- What names a lead and its campaign names both at once. The same walk through a campaign's leads as the index that it replaces.
alter table leads add constraint leads_of_their_campaign unique (campaign_id, id, workspace_id);
alter table batches add unique (workspace_id, id);
alter table approvals add unique (workspace_id, id);
alter table intents add unique (workspace_id, id);
alter table api_keys add unique (workspace_id, id);
-- The same columns without uniqueness.
drop index campaigns_workspace_id_id_idx, approvals_workspace_id_id_idx, leads_of_workspace, leads_of_campaign;

-- Children that knew their workspace through their parent only.
alter table approval_leads add column workspace_id uuid;
alter table approval_tokens add column workspace_id uuid;
alter table push_writers add column workspace_id uuid;
alter table receipt_heads add column workspace_id uuid;
update approval_leads x set workspace_id = a.workspace_id from approvals a where a.id = x.approval_id;
update approval_tokens x set workspace_id = a.workspace_id from approvals a where a.id = x.approval_id;
update push_writers x set workspace_id = c.workspace_id from campaigns c where c.id = x.campaign_id;
update receipt_heads x set workspace_id = c.workspace_id from campaigns c where c.id = x.campaign_id;
alter table approval_leads alter column workspace_id set not null;
alter table approval_tokens alter column workspace_id set not null;
alter table push_writers alter column workspace_id set not null;
alter table receipt_heads alter column workspace_id set not null;

-- The shipped samples of the demo are of no lead.
alter table style_samples alter column lead_id drop not null;
update style_samples s set lead_id = null where not exists (select from leads l where l.id = s.lead_id);

-- A foreign key does not look at a row where one of its columns is null.
alter table batches add constraint batches_parents_have_workspace check (workspace_id is not null or campaign_id is null and retry_of is null);
alter table jobs add constraint jobs_parents_have_workspace check (workspace_id is not null or campaign_id is null and lead_id is null);

do $$
declare
    link record;
    strange bigint;
begin
    for link in select * from (values
        ('leads', 'campaign_id', 'campaigns', ''),
        ('lead_enrichments', 'lead_id', 'leads', 'on delete cascade'),
        ('style_samples', 'lead_id', 'leads', ''),
        ('batches', 'campaign_id', 'campaigns', ''),
        ('batches', 'retry_of', 'batches', ''),
        ('approvals', 'campaign_id', 'campaigns', ''),
        ('approval_leads', 'approval_id', 'approvals', 'on delete cascade'),
        ('approval_leads', 'lead_id', 'leads', 'on delete cascade'),
        ('approval_tokens', 'approval_id', 'approvals', 'on delete cascade'),
        ('approval_tokens', 'key_id', 'api_keys', 'on delete cascade'),
        ('intents', 'campaign_id', 'campaigns', ''),
        ('intents', 'lead_id', 'leads', ''),
        ('push_writers', 'campaign_id', 'campaigns', ''),
        ('receipt_heads', 'campaign_id', 'campaigns', ''),
        ('receipts', 'campaign_id', 'campaigns', ''),
        ('receipts', 'intent_id', 'intents', ''),
        ('receipts', 'lead_id', 'leads', ''),
        ('ai_events', 'campaign_id', 'campaigns', ''),
        ('ai_events', 'lead_id', 'leads', ''),
        ('webhook_events', 'lead_id', 'leads', '')) l (child, naming, parent, ending)
    loop
        -- Such rows are what the key is for, and none that may be thrown away unseen: a person decides.
        execute format('select count(*) from %I c where c.%I is not null and not exists (select from %I p where p.workspace_id = c.workspace_id and p.id = c.%2$I)',
            link.child, link.naming, link.parent) into strange;
        if strange > 0 then
            raise exception '% rows of % name in % a row of % that their workspace does not have. Look at them with the version before, remove them, and start again',
                strange, link.child, link.naming, link.parent;
        end if;
        execute format('alter table %I drop constraint if exists %I', link.child, link.child || '_' || link.naming || '_fkey');
        execute format('alter table %I add constraint %I foreign key (workspace_id, %I) references %I (workspace_id, id) %s',
            link.child, link.child || '_' || link.naming || '_fkey', link.naming, link.parent, link.ending);
    end loop;
    -- Not by a key to the campaign as well: it would lock the campaign's row after those of its leads.
    select count(*) into strange from drafts d
        where not exists (select from leads l where l.workspace_id = d.workspace_id and l.campaign_id = d.campaign_id and l.id = d.lead_id);
    if strange > 0 then
        raise exception '% rows of drafts name a lead that their workspace and campaign do not have. Look at them with the version before, remove them, and start again', strange;
    end if;
    alter table drafts drop constraint drafts_lead_id_fkey,
        add constraint drafts_lead_id_fkey foreign key (campaign_id, lead_id, workspace_id) references leads (campaign_id, id, workspace_id) on delete cascade;
end $$;
