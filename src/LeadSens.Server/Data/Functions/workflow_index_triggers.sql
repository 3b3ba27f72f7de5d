-- Puts a definition's triggers in service in a workspace, or out of it. What renews tokens is in service only where there are tokens: a run every five
-- minutes in each workspace would be for nothing.
create or replace function workflow_index_triggers(p_workspace uuid, p_definition text) returns void language plpgsql as $$
declare
    in_service constant text := case when p_definition <> 'refresh-tokens'
        or exists (select from connections c where c.workspace_id = p_workspace and c.state = 'connected' and c.expires_at is not null)
        then workflow_published_version(p_workspace, p_definition) end;
    is_shipped constant boolean := exists (select from workflow_definitions d where d.version_id = in_service and d.workspace_id is null);
    now constant timestamptz := clock_now();
begin
    delete from workflow_triggers t where t.workspace_id = p_workspace and t.definition_id = p_definition
        and not exists (select from workflow_version_triggers d where d.version_id = in_service and d.activity_id = t.activity_id and d.ordinal = t.ordinal
            and d.schedule is not distinct from t.schedule and replace(d.key, '00000000-0000-0000-0000-000000000000',
                p_workspace::text) is not distinct from t.key);
    insert into workflow_triggers (workspace_id, definition_id, version_id, activity_id, ordinal, activity_type, key, payload, schedule, exclusive, since,
        due_at)
        select p_workspace, p_definition, d.version_id, d.activity_id, d.ordinal, d.activity_type,
            replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text), d.payload, d.schedule, d.exclusive, now,
                case when d.schedule is not null then now end
        from workflow_version_triggers d where d.version_id = in_service
            -- What a workspace made itself goes before what is shipped.
            and not (is_shipped and d.exclusive and exists (select from workflow_triggers x where x.workspace_id = p_workspace
                and x.definition_id <> p_definition
                and x.key = replace(d.key, '00000000-0000-0000-0000-000000000000', p_workspace::text)))
        on conflict (workspace_id, definition_id, activity_id, ordinal) do update set
            version_id = excluded.version_id, activity_type = excluded.activity_type, payload = excluded.payload, exclusive = excluded.exclusive;
end $$;
