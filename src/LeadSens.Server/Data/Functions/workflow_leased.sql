-- Leased instances as their runner reads them, with what waits for them, oldest first.
create or replace function workflow_leased(ids uuid[])
returns table (id uuid, token uuid, version bigint, workspace_id uuid, definition_version_id text, state bytea, resumptions uuid[], bookmarks uuid[],
    payloads text[])
language sql stable as $$
    select i.id, i.claim_token, i.version, i.workspace_id, i.definition_version_id, i.state, inbox.resumptions, inbox.bookmarks, inbox.payloads
    from workflow_instances i,
        lateral (select array_agg(r.id order by r.seq) as resumptions, array_agg(r.bookmark_id order by r.seq) as bookmarks, array_agg(r.payload
            order by r.seq) as payloads
            from workflow_resumptions r where r.instance_id = i.id) inbox
    where i.id = any (ids) order by i.id
$$;
