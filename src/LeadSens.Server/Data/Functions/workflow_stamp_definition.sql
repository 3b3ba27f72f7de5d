-- Trigger of definitions: gives one that changed another stamp, so that a start that read the one before is refused.
create or replace function workflow_stamp_definition() returns trigger language plpgsql as $$
begin
    insert into workflow_definition_stamps values (coalesce(new.definition_id, old.definition_id), nextval('workflow_definition_stamp'))
        on conflict (definition_id) do update set stamp = excluded.stamp;
    return null;
end $$;
