-- What a person wants of a campaign's run, written with the change of the campaign: done right after the commit, or by the sweep when the process died in between.
alter table campaigns add column run_wish text check (run_wish in ('cancel', 'retry'));
create index on campaigns (id) where run_wish is not null;
