-- The master keys that this installation has sealed with. A key that a rotation has closed opens and seals nothing any more.
create table sealing_keys (
    key_id text primary key,
    used_since timestamptz not null,
    closed_at timestamptz);                -- null: in use, or being replaced

insert into sealing_keys (key_id, used_since) select key_id, min(retired_at) from retired_keys group by key_id;

-- With which key a node seals; null: a Server from before this was noted.
alter table nodes add column sealing_key text;

-- Volatile, so that it sees what was closed while its statement waited.
create function sealed_with_closed_key(sealed bytea) returns boolean language plpgsql as $$
begin
    return exists (select from sealing_keys where closed_at is not null and key_id = encode(substring(sealed from 2 for 8), 'hex'));
end $$;

create function refuse_closed_key() returns trigger language plpgsql as $$
begin
    raise exception 'a value of % is sealed with a key that was replaced: restart this Server with the key of today', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger refuse_closed_key before insert or update of sealed_key on retired_keys for each row when (sealed_with_closed_key(new.sealed_key)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_message on mails for each row when (sealed_with_closed_key(new.sealed_message)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_url on workspace_slack for each row when (sealed_with_closed_key(new.sealed_url)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_secret on second_factors for each row when (sealed_with_closed_key(new.sealed_secret)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of credentials on connections for each row when (sealed_with_closed_key(new.credentials)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_salt on workspace_salts for each row when (sealed_with_closed_key(new.sealed_salt)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_person on erasures for each row when (sealed_with_closed_key(new.sealed_person)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_secret, sealed_previous on webhook_endpoints for each row
    when (sealed_with_closed_key(new.sealed_secret) or sealed_with_closed_key(new.sealed_previous)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_body on webhook_events for each row when (sealed_with_closed_key(new.sealed_body)) execute function refuse_closed_key();
create trigger refuse_closed_key before insert or update of sealed_key on data_protection_keys for each row when (sealed_with_closed_key(new.sealed_key)) execute function refuse_closed_key();
