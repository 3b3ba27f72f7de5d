-- An open session proves something: wrong passwords that are asked of it again count there, and strangers' wrong ones at the account.
alter table user_sessions
    add column failed_checks int not null default 0,
    add column checks_locked_until timestamptz;
