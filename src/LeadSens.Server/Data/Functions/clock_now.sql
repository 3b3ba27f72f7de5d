-- The time that leases, timers and limits go by: the database's, which tests can shift.
create or replace function clock_now() returns timestamptz language sql stable parallel safe
    as 'select clock_timestamp() + shift from clock_shift';
