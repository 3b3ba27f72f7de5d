-- The workspace that something sent to a key is of: the sender's, or where the Server itself sends (the system's role names none) that of the run that
-- waits or
-- waited under the key. Null where nobody has waited yet: then the wait says it.
create or replace function workflow_workspace_of(wanted text) returns uuid language sql stable as $$
    select coalesce(nullif(current_setting('leadsens.workspace', true), '')::uuid,
        (select i.workspace_id from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where b.key = wanted limit 1))
$$;
