-- What somebody hands out ends with, or shrinks to, their right to hand it out: keys and invitations remember their maker.
alter table api_keys
    add column made_by uuid references users (id) on delete cascade,    -- the person behind it; null: the installation
    add column made_with uuid references api_keys (id) on delete cascade; -- the key that it was made with, whose end is its own
create index on api_keys (made_by) where made_by is not null;
create index on api_keys (made_with) where made_with is not null;

-- Of keys that are there: by the id that was noted. Who cannot be found any more has no right, and neither has the key.
update api_keys k set made_by = u.id from users u where k.created_by = 'user:' || u.id;
update api_keys k set made_with = p.id, made_by = p.made_by from api_keys p
    where k.created_by = 'api-key:' || p.name and p.workspace_id = k.workspace_id and p.id <> k.id
    and (select count(*) from api_keys o where o.workspace_id = k.workspace_id and 'api-key:' || o.name = k.created_by) = 1;
update api_keys set expires_at = clock_now() where created_by is not null and made_by is null and made_with is null;

-- Those by keys from before name no key and end here.
alter table workspace_invitations
    drop constraint workspace_invitations_invited_by_fkey,
    add constraint workspace_invitations_invited_by_fkey foreign key (invited_by) references users (id) on delete cascade,
    add column invited_with uuid references api_keys (id) on delete cascade;

-- Whether whoever handed something out may still do so: the person by the role of today, the key while it is there and as far as its maker.
-- The roles that may, and the scope that says the same, come from the one table (Identity/Access/Permission).
create function may_still(workspace uuid, person uuid, key uuid, roles text[], scope text) returns boolean language sql stable as $$
    select (person is not null or key is not null)
        and (person is null or exists (select from workspace_members m where m.workspace_id = workspace and m.user_id = person and m.role = any (roles)))
        and (key is null or exists (
            select from api_keys k where k.id = key and k.workspace_id = workspace and scope = any (k.scopes) and (k.expires_at is null or k.expires_at > clock_now())
                and (k.made_by is null or exists (select from workspace_members m where m.workspace_id = workspace and m.user_id = k.made_by and m.role = any (roles)))))
$$;

-- The person behind a name, so that two keys of one person are that person.
create function person_behind(workspace uuid, who text) returns setof text language sql stable as $$
    select who where who like 'user:%'
    union select 'user:' || k.made_by from api_keys k where k.workspace_id = workspace and 'api-key:' || k.name = who and k.made_by is not null
$$;

create or replace function same_actor(workspace uuid, one text, other text) returns boolean language sql stable as $$
    select coalesce(one = other, false) or exists (select person_behind(workspace, one) intersect select person_behind(workspace, other))
$$;

create trigger tell_access_made after update of made_by, made_with on api_keys for each row execute function tell_access('k', 'id');

-- A replaced key signs no links and no exports any more: what was kept of it for them goes.
delete from retired_keys where use in ('leadsens-workflow-links-1', 'leadsens-instances');
