-- A delete is let through for entries that are sealed and older than any setting may make them.
create or replace function audit_keep_young() returns trigger language plpgsql as $$
begin
    if old.at > clock_now() - interval '30 days' or exists (select from audit_unsealed u where u.entry_id = old.id) then
        raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
    end if;
    return old;
end $$;
