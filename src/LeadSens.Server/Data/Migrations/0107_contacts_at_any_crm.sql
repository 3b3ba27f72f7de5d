-- The contact that a lead was synced to, and at which CRM.
alter table leads rename column hubspot_id to crm_id;
alter index leads_at_hubspot rename to leads_at_crm;
alter table leads add column crm text;
update leads set crm = 'hubspot' where crm_id is not null or status = 'Synced';
