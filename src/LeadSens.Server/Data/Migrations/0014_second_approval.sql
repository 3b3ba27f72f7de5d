-- A second pair of eyes: who decided at another box of the run may not decide this one, and what is confirmed is not changed any more.
alter table approvals add column by_somebody_else boolean not null default false;
