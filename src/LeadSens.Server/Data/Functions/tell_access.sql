-- Nodes remember who a caller is and what they may do. Whatever takes a right away says so, whoever did it, with the commit that does it:
-- s:<session>, u:<user>, k:<key>. Such changes are rare, so the commit's turn in the queue of notifications costs nobody anything.
create or replace function tell_access() returns trigger language plpgsql as $$
begin
    perform pg_notify('leadsens_access', tg_argv[0] || ':' || (to_jsonb(old) ->> tg_argv[1]));
    return null;
end $$;
