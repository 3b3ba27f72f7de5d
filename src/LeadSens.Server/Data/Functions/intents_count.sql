-- Trigger of intents, by whole statements: the same for what is pushed.
create or replace function intents_count() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        insert into campaign_count_changes (campaign_id, workspace_id, intents, pushed, refused)
        select campaign_id, workspace_id, sum(n), sum(n * (state = 'done')::int), sum(n * (state = 'refused')::int)
        from (select campaign_id, workspace_id, state, 1 as n from changed_intents where kind = 'lead.add'
            union all select campaign_id, workspace_id, state, -1 from former_intents where kind = 'lead.add') i
        group by 1, 2 having sum(n) <> 0 or sum(n * (state = 'done')::int) <> 0 or sum(n * (state = 'refused')::int) <> 0;
    else
        insert into campaign_count_changes (campaign_id, workspace_id, intents, pushed, refused)
        select campaign_id, workspace_id, sum(n), sum(n * (state = 'done')::int), sum(n * (state = 'refused')::int)
        from (select campaign_id, workspace_id, state, case tg_op when 'INSERT' then 1 else -1 end as n
            from changed_intents where kind = 'lead.add') i
        group by 1, 2;
    end if;
    return null;
end $$;
create or replace trigger count_added after insert on intents referencing new table as changed_intents for each statement execute function intents_count();
create or replace trigger count_changed after update on intents referencing new table as changed_intents old table as former_intents
    for each statement execute function intents_count();
create or replace trigger count_removed after delete on intents referencing old table as changed_intents for each statement execute function intents_count();
