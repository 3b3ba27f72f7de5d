-- A field of canonical bytes: its length, then itself, so that no two different lists of fields give the same bytes. Not declared
-- immutable, because then the planner could not inline it (convert_to is stable).
create or replace function canon(value text) returns bytea language sql stable parallel safe
    return int4send(octet_length(convert_to(coalesce(value, ''), 'UTF8'))) || convert_to(coalesce(value, ''), 'UTF8');
