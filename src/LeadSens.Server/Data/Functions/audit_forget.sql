-- Forgets whole seals' entries of a workspace's chain, oldest first; answers how many entries went.
create or replace function audit_forget(p_older interval, p_seals int) returns int language plpgsql as $$
declare
    gone uuid[];
    forgotten int;
begin
    with old as (
        select s.workspace_id, s.sequence from audit_seals s where s.forgotten_at is null and s.newest < clock_now() - greatest(p_older, interval '30 days')
        order by s.newest limit p_seals for update skip locked),
    marked as (update audit_seals s set forgotten_at = clock_now() from old where s.workspace_id = old.workspace_id and s.sequence = old.sequence
        returning s.entries)
    select array_agg(e) into gone from marked, unnest(marked.entries) e;
    perform set_config('leadsens.audit_forgets', 'by age', true);
    delete from audit_entries where id = any (gone);
    get diagnostics forgotten = row_count;
    perform set_config('leadsens.audit_forgets', '', true);
    return forgotten;
end $$;
