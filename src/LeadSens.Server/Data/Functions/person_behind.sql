-- The person that an actor stands for: a key stands for whoever made it.
create or replace function person_behind(workspace uuid, who text) returns setof text language sql stable as $$
    select who where who like 'user:%'
    union select 'user:' || m.user_id from api_key_makers m where m.workspace_id = workspace and 'api-key:' || m.key = who
$$;
