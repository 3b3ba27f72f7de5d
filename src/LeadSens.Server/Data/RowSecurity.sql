-- Run by the owner after every migration and at every start; says nothing where all is as it should be. Two roles that own nothing and cannot log in: the sessions of the runtime take
-- one of them. A table with workspace_id gets its policies from here without being named, so none can be forgotten; what has another form is listed.
do $$
declare
    g text;
    r record;
    -- The workspace of the session; a subselect, so that it is worked out once per statement.
    mine constant text := '(select nullif(current_setting(''leadsens.workspace'', true), '''')::uuid)';
    runtime constant text := current_setting('leadsens.runtime_login');
    -- Secrets of accounts and of the installation: what works for a workspace has no business there.
    secrets constant text[] := array['account_links', 'data_protection_keys', 'known_devices', 'recovery_codes', 'refresh_tokens', 'retired_keys', 'second_factors'];
begin
    -- The login that the Server works as, where the owner is the first to come.
    if not exists (select from pg_roles where rolname = runtime) and current_setting('leadsens.runtime_password') <> '' then
        execute format('create role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password %L', runtime, current_setting('leadsens.runtime_password'));
    end if;
    foreach g in array array['leadsens_workspace', 'leadsens_system'] loop
        if not exists (select from pg_roles where rolname = g) then
            begin
                execute format('create role %I nologin noinherit', g);
            exception when duplicate_object or unique_violation then
                null; -- another database of the cluster was quicker
            end;
        end if;
        if not exists (select from pg_auth_members m join pg_roles o on o.oid = m.roleid join pg_roles u on u.oid = m.member
                where o.rolname = g and u.rolname = runtime and m.set_option and m.inherit_option) then
            execute format('grant %I to %I with inherit true, set true', g, runtime);
        end if;
        if not has_schema_privilege(g, current_schema(), 'usage') then
            execute format('grant usage on schema %I to %I', current_schema(), g);
        end if;
        -- What is made from now on, and what is here already.
        if not exists (select from pg_default_acl d, aclexplode(d.defaclacl) a
                where d.defaclnamespace = current_schema()::regnamespace and d.defaclrole = current_user::regrole and d.defaclobjtype = 'r' and a.grantee = g::regrole) then
            execute format('alter default privileges in schema %I grant select, insert, update, delete on tables to %I', current_schema(), g);
            execute format('alter default privileges in schema %I grant usage, select on sequences to %I', current_schema(), g);
        end if;
        -- A Server without the owner's login looks whether the tables are as it knows them.
        if not has_table_privilege(g, 'schema_migrations', 'select') then
            execute format('grant select on schema_migrations to %I', g);
        end if;
        for r in select c.oid::regclass as relation, c.relkind from pg_class c
            where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'v', 'S') and c.relname <> 'schema_migrations'
              and not (g = 'leadsens_workspace' and (c.relname = any (secrets) or c.relname in ('users', 'sealing_keys')))
              and not (case when c.relkind = 'S' then has_sequence_privilege(g, c.oid, 'usage') else has_table_privilege(g, c.oid, 'insert') end) and pg_get_userbyid(c.relowner) = current_user loop
            if r.relkind = 'S' then
                execute format('grant usage, select on sequence %s to %I', r.relation, g);
            else
                execute format('grant select, insert, update, delete on %s to %I', r.relation, g);
            end if;
        end loop;
    end loop;

    for r in select c.oid::regclass as relation from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and (c.relname = any (secrets) or c.relname in ('users', 'sealing_keys')) and has_table_privilege('leadsens_workspace', c.oid, 'insert')
          and pg_get_userbyid(c.relowner) = current_user loop
        execute format('revoke all on %s from leadsens_workspace', r.relation);
    end loop;
    -- The triggers of sealed columns look which keys are closed, as whoever writes there.
    for r in select c.oid::regclass as relation from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relname = 'sealing_keys' and not has_table_privilege('leadsens_workspace', c.oid, 'select') and pg_get_userbyid(c.relowner) = current_user loop
        execute format('grant select on %s to leadsens_workspace', r.relation);
    end loop;
    -- Who somebody is may be read by whoever works with them; what proves it may not.
    for r in select c.oid::regclass as relation, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = current_schema()::regnamespace and c.relname = 'users' and a.attname <> 'password_hash' and not has_column_privilege('leadsens_workspace', c.oid, a.attnum, 'select')
          and pg_get_userbyid(c.relowner) = current_user loop
        execute format('grant select (%I) on %s to leadsens_workspace', r.attname, r.relation);
    end loop;

    -- table, what a workspace sees of it, what it adds, what it changes and removes; null: as what it sees
    for r in
        with special (name, seen, added, changed) as (values
            ('workspaces', 'id = ' || mine, null, null),
            -- Its members' accounts; what of them may be read, the grants above say.
            ('users', 'exists (select from workspace_members p where p.user_id = users.id)', null, null),
            -- Shipped definitions have no workspace: everybody reads them, nobody changes them.
            ('workflow_definitions', 'workspace_id = ' || mine || ' or workspace_id is null', 'workspace_id = ' || mine, 'workspace_id = ' || mine),
            ('workflow_version_triggers', 'exists (select from workflow_definitions p where p.version_id = workflow_version_triggers.version_id)',
                'exists (select from workflow_definitions p where p.version_id = workflow_version_triggers.version_id and p.workspace_id = ' || mine || ')',
                'exists (select from workflow_definitions p where p.version_id = workflow_version_triggers.version_id and p.workspace_id = ' || mine || ')'),
            -- Of accounts that are in no workspace: added from anywhere, seen by nobody.
            ('mails', 'workspace_id = ' || mine, 'workspace_id = ' || mine || ' or workspace_id is null', null),
            ('batches', 'workspace_id = ' || mine, 'workspace_id = ' || mine || ' or workspace_id is null', null),
            ('jobs', 'workspace_id = ' || mine, 'workspace_id = ' || mine || ' or workspace_id is null', null),
            ('audit_entries', 'workspace_id = ' || mine, 'workspace_id = ' || mine || ' or workspace_id is null', null),
            -- Parts of something that has the workspace.
            ('workflow_bookmarks', 'exists (select from workflow_instances p where p.id = instance_id)', null, null),
            ('workflow_resumptions', 'exists (select from workflow_instances p where p.id = instance_id)', null, null),
            ('workflow_bursts', 'exists (select from workflow_instances p where p.id = instance_id)', null, null),
            ('workflow_orphans', 'exists (select from workflow_instances p where p.id = workflow_orphans.parent_id)', null, null),
            ('workflow_http_takers', 'exists (select from workflow_http_requests p where p.id = request_id)', null, null)),
        covered as (
            select c.oid::regclass as relation, coalesce(s.seen, 'workspace_id = ' || mine) as seen, coalesce(s.added, s.seen, 'workspace_id = ' || mine) as added,
                coalesce(s.changed, s.seen, 'workspace_id = ' || mine) as changed
            from pg_class c left join special s on s.name = c.relname
            where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and pg_get_userbyid(c.relowner) = current_user
              and (s.name is not null or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)))
        select c.* from covered c where not exists (select from pg_policy p where p.polrelid = c.relation and p.polname = 'of_system')
    loop
        execute format('alter table %s enable row level security', r.relation);
        execute format('create policy seen_by_workspace on %s for select to leadsens_workspace using (%s)', r.relation, r.seen);
        execute format('create policy added_by_workspace on %s for insert to leadsens_workspace with check (%s)', r.relation, r.added);
        execute format('create policy changed_by_workspace on %s for update to leadsens_workspace using (%s) with check (%s)', r.relation, r.changed, r.changed);
        execute format('create policy removed_by_workspace on %s for delete to leadsens_workspace using (%s)', r.relation, r.changed);
        execute format('create policy of_system on %s to leadsens_system using (true) with check (true)', r.relation);
    end loop;

    -- A view would read with its owner's rights.
    for r in select c.oid::regclass as relation from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'v' and pg_get_userbyid(c.relowner) = current_user
          and not coalesce(c.reloptions @> array['security_invoker=true'], false)
          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') loop
        execute format('alter view %s set (security_invoker = true)', r.relation);
    end loop;
end $$;
