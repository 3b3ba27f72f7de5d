-- Trigger of the audit log: what was written is never changed.
create or replace function audit_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('leadsens.audit_forgets', true) = 'by age' then
        return null;
    end if;
    raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
end $$;
