-- Locks the keys of stimuli and bookmarks for the transaction, in one order for all: both sides of a match lock before they look.
create or replace function workflow_lock_keys(keys text[]) returns void language plpgsql as $$
declare hashed bigint;
begin
    if cardinality(keys) = 1 then
        perform pg_advisory_xact_lock(hashtextextended(keys[1], 0));
        return;
    end if;
    for hashed in select distinct hashtextextended(k, 0) from unnest(keys) k order by 1 loop
        perform pg_advisory_xact_lock(hashed);
    end loop;
end $$;
