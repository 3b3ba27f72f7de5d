-- Who a key is, is its id. Names are what people call keys, and two keys of one name were one reviewer, one requester, one sender of an Idempotency-Key.
alter table api_key_makers rename column name to key;      -- an id; of what was written before, a name
insert into api_key_makers (workspace_id, key, user_id) select workspace_id, id::text, made_by from api_keys where made_by is not null on conflict do nothing;

create or replace function api_key_made() returns trigger language plpgsql as $$
begin
    insert into api_key_makers (workspace_id, key, user_id) values (new.workspace_id, new.id::text, new.made_by) on conflict do nothing;
    return null;
end $$;
drop trigger remember_maker on api_keys;
create trigger remember_maker after insert or update of made_by on api_keys for each row when (new.made_by is not null) execute function api_key_made();

create or replace function person_behind(workspace uuid, who text) returns setof text language sql stable as $$
    select who where who like 'user:%'
    union select 'user:' || m.user_id from api_key_makers m where m.workspace_id = workspace and 'api-key:' || m.key = who
$$;

-- What was written before may name a key that decides today: any key of that name is meant.
create or replace function same_actor(workspace uuid, one text, other text) returns boolean language sql stable as $$
    select coalesce(one = other, false) or exists (select person_behind(workspace, one) intersect select person_behind(workspace, other))
        or exists (
            select from api_keys k where k.workspace_id = workspace
                and (one = 'api-key:' || k.id and other = 'api-key:' || k.name or other = 'api-key:' || k.id and one = 'api-key:' || k.name))
$$;

-- Choices under a name that one key has are that key's; the others are nobody's.
update approval_choices c set reviewer = 'api-key:' || k.id from api_keys k
    where k.workspace_id = c.workspace_id and c.reviewer = 'api-key:' || k.name
    and (select count(*) from api_keys o where o.workspace_id = k.workspace_id and o.name = k.name) = 1;
delete from approval_choices c where c.reviewer like 'api-key:%' and not exists (select from api_keys k where k.workspace_id = c.workspace_id and c.reviewer = 'api-key:' || k.id);
