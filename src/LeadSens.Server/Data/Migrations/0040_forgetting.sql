-- What a campaign's batches took, kept when they are forgotten.
alter table campaigns add column kept_seconds jsonb not null default '{}';
create index batches_ended on batches (completed_at) where not is_open;
