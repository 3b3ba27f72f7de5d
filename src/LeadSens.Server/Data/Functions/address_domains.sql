-- example.co.uk of mail.example.co.uk, and mail.example.co.uk itself, co.uk and uk.
create or replace function address_domains(key text) returns text[] language sql immutable parallel safe as $$
    select array(select array_to_string(l.labels[i:], '.') from (select string_to_array(split_part(key, '@', -1), '.') as labels) l,
        generate_subscripts(l.labels, 1) i)
$$;
