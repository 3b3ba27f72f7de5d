-- Trigger of audit_entries: notes the workspaces that have entries to seal.
create or replace function audit_note_unsealed() returns trigger language plpgsql as $$
begin
    insert into audit_unsealed select id from added;
    return null;
end $$;
