-- Resumes one bookmark, once per dedupe key. Answers Delivered, Repeated or Over; null when the instance has no such bookmark.
create or replace function workflow_resume(p_id uuid, p_bookmark uuid, p_instance uuid, p_dedupe text, p_payload text) returns text language plpgsql as $$
declare wanted text;
begin
    select b.key into wanted from workflow_bookmarks b where b.id = p_bookmark and b.instance_id = p_instance;
    if not found then
        return null;
    end if;
    perform workflow_lock_keys(array[wanted]);
    insert into stimuli (id, key, dedupe_key, broadcast, payload, status, created_at, workspace_id)
        values (p_id, wanted, p_dedupe, false, p_payload, 'Delivered', clock_timestamp(), workflow_workspace_of(wanted))
        on conflict (dedupe_key) do nothing;
    if not found then
        return case when exists (select from stimuli s where s.dedupe_key = p_dedupe and s.status = 'Delivered') then 'Repeated' else 'Over' end;
    end if;
    update workflow_bookmarks b set state = case when b.stays then 0 else 1 end where b.id = p_bookmark and b.state = 0;
    if not found then
        update stimuli s set status = 'Closed', reason = 'the wait was over' where s.id = p_id;
        return 'Over';
    end if;
    insert into workflow_resumptions (id, instance_id, bookmark_id, stimulus_id, payload) values (gen_random_uuid(), p_instance, p_bookmark, p_id, p_payload);
    return 'Delivered';
end $$;
