-- The versions that a workspace sees: its own, and the shipped ones from before its first own. One of each definition is the latest, at most one
-- is published.
create or replace function workflow_definitions_of(p_workspace uuid) returns table (
    version_id text, definition_id text, workspace_id uuid, version int, name text, description text, tool_version text, is_system boolean,
    usable_as_activity boolean, published boolean, latest boolean, frozen boolean, body text, body_hash text, shipped_hash text, created_at timestamptz,
    revision bigint, editor text, saved_by text, saved_at timestamptz)
language sql stable as $$
    with seen as (
        select d.*, d.workspace_id is not null as own,
            min(d.version) filter (where d.workspace_id is not null) over same as first_own,
            bool_or(d.workspace_id is not null and (d.published or d.retracted)) over same as decided
        from workflow_definitions d
        where (d.workspace_id = p_workspace or d.workspace_id is null) and d.deleted_at is null
        window same as (partition by d.definition_id))
    select s.version_id, s.definition_id, s.workspace_id, s.version, s.name, s.description, s.tool_version, s.is_system, s.usable_as_activity,
        s.published and (s.own or not s.decided and s.version = max(s.version) over (partition by s.definition_id, s.own)),
        s.version = max(s.version) over (partition by s.definition_id),
        s.frozen, s.body, s.body_hash, s.shipped_hash, s.created_at, s.revision, s.editor, s.saved_by, s.saved_at
    from seen s
    where s.own or s.first_own is null or s.version < s.first_own
$$;
