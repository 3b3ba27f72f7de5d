-- Whether whoever handed something out may still do so: the person by the role of today, the key while it is there and as far as its maker.
-- The roles that may, and the scope that says the same, come from the one table (Identity/Access/Permission).
create or replace function may_still(workspace uuid, person uuid, key uuid, roles text[], scope text) returns boolean language sql stable as $$
    select (person is not null or key is not null)
        and (person is null or exists (select from workspace_members m where m.workspace_id = workspace and m.user_id = person and m.role = any (roles)))
        and (key is null or exists (
            select from api_keys k where k.id = key and k.workspace_id = workspace and scope = any (k.scopes) and (k.expires_at is null
                or k.expires_at > clock_now())
                and (k.made_by is null or exists (select from workspace_members m where m.workspace_id = workspace and m.user_id = k.made_by
                    and m.role = any (roles)))))
$$;
