-- Trigger of api_keys: notes who made a key, which outlives the key.
create or replace function api_key_made() returns trigger language plpgsql as $$
begin
    insert into api_key_makers (workspace_id, key, user_id) values (new.workspace_id, new.id::text, new.made_by) on conflict do nothing;
    return null;
end $$;
