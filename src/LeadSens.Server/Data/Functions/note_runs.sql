-- Trigger of workflow_instances, by whole statements: a burst commits many. How a campaign's run waits is how the campaign does, and so is what a run waits for
-- that it started.
create or replace function note_runs() returns trigger language plpgsql as $$
declare told uuid[];
begin
    if not exists (select from workspace_watches w where w.watched_until > clock_now()) then
        return null;
    end if;
    if tg_op = 'INSERT' then
        select array_agg(r.id) into told from changed_runs r join workspace_watches w on w.workspace_id = r.workspace_id and w.watched_until > clock_now();
    else
        select array_agg(r.id) into told
            from changed_runs r join former_runs f on f.id = r.id
                join workspace_watches w on w.workspace_id = r.workspace_id and w.watched_until > clock_now()
            where (r.version, r.status, r.sub_status, r.paused, r.failures) is distinct from (f.version, f.status, f.sub_status, f.paused, f.failures);
    end if;
    if told is not null then
        insert into workspace_changes (workspace_id, kind, entity)
            select r.workspace_id, 'run', r.id from changed_runs r where r.id = any (told)
            union select c.workspace_id, 'campaign', c.id
            from changed_runs r join campaigns c on c.workflow_instance_id = any (array[r.id, r.root_id]) and c.workspace_id = r.workspace_id
            where r.id = any (told);
    end if;
    return null;
end $$;
create or replace trigger note_added after insert on workflow_instances referencing new table as changed_runs for each statement execute function note_runs();
create or replace trigger note_changed after update on workflow_instances referencing new table as changed_runs old table as former_runs
    for each statement execute function note_runs();
