-- What was written before may name a key that decides today: any key of that name is meant.
create or replace function same_actor(workspace uuid, one text, other text) returns boolean language sql stable as $$
    select coalesce(one = other, false) or exists (select person_behind(workspace, one) intersect select person_behind(workspace, other))
        or exists (
            select from api_keys k where k.workspace_id = workspace
                and (one = 'api-key:' || k.id and other = 'api-key:' || k.name or other = 'api-key:' || k.id and one = 'api-key:' || k.name))
$$;
