-- Trigger of audit_seals: a seal stays as it is, but for the note that its entries were forgotten.
create or replace function audit_seal_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.forgotten_at is null and new.forgotten_at is not null and to_jsonb(new) - 'forgotten_at' = to_jsonb(old) - 'forgotten_at' then
        return new;
    end if;
    raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
end $$;
