-- The latest time that the database's clock showed; a clock that shows less went back.
create table clock_seen (only_row boolean primary key default true check (only_row), at timestamptz not null) with (fillfactor = 10);
insert into clock_seen (at) values (clock_now());
