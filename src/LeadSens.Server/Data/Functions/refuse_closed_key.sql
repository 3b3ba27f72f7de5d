-- Trigger of sealed columns: nothing is sealed any more with a key that was closed.
create or replace function refuse_closed_key() returns trigger language plpgsql as $$
begin
    raise exception 'a value of % is sealed with a key that was replaced: restart this Server with the key of today',
        tg_table_name using errcode = 'restrict_violation';
end $$;
