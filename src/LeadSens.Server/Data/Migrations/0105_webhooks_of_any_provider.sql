-- Who may tell us things is what is registered; the endpoint that makes a row checks it.
alter table webhook_endpoints drop constraint webhook_endpoints_provider_check;
