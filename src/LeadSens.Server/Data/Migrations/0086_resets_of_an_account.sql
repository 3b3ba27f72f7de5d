-- How often the password was reset: a signed link, which no row holds, ends with the reset after it was given out.
alter table users add column resets int not null default 0;
