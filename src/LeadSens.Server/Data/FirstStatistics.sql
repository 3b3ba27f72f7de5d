-- Run by the owner after every migration and at every start. Before its first ANALYZE a table has no statistics, and PostgreSQL takes a workspace for one of
-- two hundred: of one that was filled a moment ago it would read all rows, believing them to be one, instead of looking up by their ids the few that are asked
-- for. So every table begins with the statistic that its rows are of few workspaces and campaigns; what ANALYZE finds takes its place.
do $$
declare
    r record;
begin
    -- PostgreSQL can be told since 18.
    if to_regproc('pg_restore_attribute_stats') is null then
        return;
    end if;
    for r in select c.relname::text as name, a.attname::text as shared from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname in ('workspace_id', 'campaign_id') and not a.attisdropped
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and pg_get_userbyid(c.relowner) = current_user
          and not exists (select from pg_stats s where s.schemaname = current_schema() and s.tablename = c.relname and s.attname = a.attname) loop
        perform pg_restore_attribute_stats('schemaname', current_schema()::text, 'relname', r.name, 'attname', r.shared, 'inherited', false,
            'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 2::real);
    end loop;
end $$;
