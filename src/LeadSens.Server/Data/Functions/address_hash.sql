-- HMAC-SHA256 with the key's two padded blocks, so that a list is hashed where it is.
create or replace function address_hash(key text, inner_pad bytea, outer_pad bytea) returns bytea language sql stable parallel safe
    return sha256(outer_pad || sha256(inner_pad || convert_to(key, 'UTF8')));
