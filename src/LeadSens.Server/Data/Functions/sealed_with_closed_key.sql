-- Volatile, so that it sees what was closed while its statement waited.
create or replace function sealed_with_closed_key(sealed bytea) returns boolean language plpgsql as $$
begin
    return exists (select from sealing_keys where closed_at is not null and key_id = encode(substring(sealed from 2 for 8), 'hex'));
end $$;
