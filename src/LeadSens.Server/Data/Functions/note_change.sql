-- Trigger of tables with id and workspace_id: the row itself changed, as what the trigger says. Noted only where somebody watches.
create or replace function note_change() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select new.workspace_id, tg_argv[0], new.id from workspace_watches w where w.workspace_id = new.workspace_id and w.watched_until > clock_now();
    return null;
end $$;
create or replace trigger note_added after insert on campaigns for each row execute function note_change('campaign');
create or replace trigger note_changed after update on campaigns for each row
    when ((old.name, old.status, old.waits_for, old.fault, old.icp, old.lead_limit, old.threshold, old.budget_usd, old.targets, old.workflow,
            old.leads_counted, old.cost_usd, old.ai_calls, old.started_at, old.finished_at)
        is distinct from (new.name, new.status, new.waits_for, new.fault, new.icp, new.lead_limit, new.threshold, new.budget_usd, new.targets, new.workflow,
            new.leads_counted, new.cost_usd, new.ai_calls, new.started_at, new.finished_at))
    execute function note_change('campaign');
create or replace trigger note_added after insert on approvals for each row execute function note_change('approval');
create or replace trigger note_changed after update on approvals for each row execute function note_change('approval');
create or replace trigger note_added after insert on connections for each row execute function note_change('connection');
create or replace trigger note_changed after update on connections for each row
    when ((old.state, old.method, old.is_sandbox, old.account_id, old.account_name, old.scopes, old.health, old.error_code, old.error, old.connected_at)
        is distinct from
            (new.state, new.method, new.is_sandbox, new.account_id, new.account_name, new.scopes, new.health, new.error_code, new.error, new.connected_at))
    execute function note_change('connection');
