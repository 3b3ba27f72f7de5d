-- The shape in the key of a trigger or a bookmark; no row where it is no endpoint's.
create or replace function workflow_route_shape(key text) returns table (workspace_id uuid, segments int, parameters int) language sql immutable as $$
    select parts[1]::uuid, cardinality(form), (select coalesce(sum(case when part = '{}' then 1 << (cardinality(form) - nr::int) else 0 end), 0)::int
        from unnest(form) with ordinality p (part, nr))
    from regexp_match(key, '^http:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):[A-Z]+:(.+)$') parts,
        lateral string_to_array(parts[2], '/') form
    where parts is not null
$$;
