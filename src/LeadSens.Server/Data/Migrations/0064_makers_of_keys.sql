-- Who made a key of a name, also when the key is gone: whoever asked for something with a key of theirs cannot remove it and decide as themselves.
create table api_key_makers (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    name text not null,
    user_id uuid not null references users (id) on delete cascade,
    primary key (workspace_id, name, user_id));
create index on api_key_makers (user_id);

insert into api_key_makers (workspace_id, name, user_id) select workspace_id, name, made_by from api_keys where made_by is not null on conflict do nothing;

create function api_key_made() returns trigger language plpgsql as $$
begin
    insert into api_key_makers (workspace_id, name, user_id) values (new.workspace_id, new.name, new.made_by) on conflict do nothing;
    return null;
end $$;
create trigger remember_maker after insert or update of made_by, name on api_keys for each row when (new.made_by is not null) execute function api_key_made();

create or replace function person_behind(workspace uuid, who text) returns setof text language sql stable as $$
    select who where who like 'user:%'
    union select 'user:' || m.user_id from api_key_makers m where m.workspace_id = workspace and 'api-key:' || m.name = who
$$;
