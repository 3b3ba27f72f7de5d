-- Who watches a workspace: each node where somebody does renews the row. What changes in workspaces that nobody watches is noted nowhere, and costs nothing.
create table workspace_watches (
    workspace_id uuid primary key references workspaces (id) on delete cascade,
    watched_until timestamptz not null,
    began xid8 not null,                      -- the transaction that began the watch
    settled xid8) with (fillfactor = 50);     -- when all before this one have ended, none is left that had not seen the watch: from then on nothing is missing
create index on workspace_watches (watched_until);

-- What changed there, from the transaction that changed it. Nobody reads this in an order: a reader says what the snapshot was up to which it was told, and
-- gets what that one does not see, whichever transaction began first. Forgotten after some minutes.
create table workspace_changes (
    workspace_id uuid not null,
    xid xid8 not null default pg_current_xact_id(),
    kind text not null,                       -- campaign, approval, connection, run
    entity uuid not null);
create index on workspace_changes (workspace_id, xid);
create index on workspace_changes (xid);

-- For a table with id and workspace_id: the row itself changed, as what the trigger says.
create function note_change() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select new.workspace_id, tg_argv[0], new.id from workspace_watches w where w.workspace_id = new.workspace_id and w.watched_until > clock_now();
    return null;
end $$;

-- For a table with campaign_id and workspace_id: how its campaign looks changed.
create function note_campaign_change() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select new.workspace_id, 'campaign', new.campaign_id from workspace_watches w where w.workspace_id = new.workspace_id and w.watched_until > clock_now();
    return null;
end $$;

create trigger note_added after insert on campaigns for each row execute function note_change('campaign');
create trigger note_changed after update on campaigns for each row
    when ((old.name, old.status, old.waits_for, old.fault, old.icp, old.lead_limit, old.threshold, old.budget_usd, old.targets, old.workflow,
            old.leads_counted, old.cost_usd, old.ai_calls, old.started_at, old.finished_at)
        is distinct from (new.name, new.status, new.waits_for, new.fault, new.icp, new.lead_limit, new.threshold, new.budget_usd, new.targets, new.workflow,
            new.leads_counted, new.cost_usd, new.ai_calls, new.started_at, new.finished_at))
    execute function note_change('campaign');

-- Whatever changes a figure appends here.
create function note_counts_change() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select distinct a.workspace_id, 'campaign', a.campaign_id
        from appended a join workspace_watches w on w.workspace_id = a.workspace_id and w.watched_until > clock_now();
    return null;
end $$;
create trigger note_added after insert on campaign_count_changes referencing new table as appended for each statement execute function note_counts_change();

create trigger note_added after insert on approvals for each row execute function note_change('approval');
create trigger note_changed after update on approvals for each row execute function note_change('approval');
create trigger note_campaign after insert or update of status on approvals for each row execute function note_campaign_change();

create trigger note_added after insert on connections for each row execute function note_change('connection');
create trigger note_changed after update on connections for each row
    when ((old.state, old.method, old.is_sandbox, old.account_id, old.account_name, old.scopes, old.health, old.error_code, old.error, old.connected_at)
        is distinct from
            (new.state, new.method, new.is_sandbox, new.account_id, new.account_name, new.scopes, new.health, new.error_code, new.error, new.connected_at))
    execute function note_change('connection');

-- What a campaign waits for may stand in its open batch, or in the one job of it.
create trigger note_campaign after update of paused_reason, paused_detail, is_open on batches for each row
    when (new.campaign_id is not null and (old.paused_detail is distinct from new.paused_detail or old.is_open <> new.is_open))
    execute function note_campaign_change();

create function note_waiting_job() returns trigger language plpgsql as $$
begin
    insert into workspace_changes (workspace_id, kind, entity)
        select new.workspace_id, 'campaign', new.campaign_id from workspace_watches w
        where w.workspace_id = new.workspace_id and w.watched_until > clock_now() and exists (select from batches b where b.id = new.batch_id and b.total = 1);
    return null;
end $$;
create trigger note_campaign after update of state, failure on jobs for each row
    when (new.campaign_id is not null and (old.failure is not null and old.state = 'Queued' or new.failure is not null and new.state = 'Queued')
        and (old.state <> new.state or old.failure is distinct from new.failure))
    execute function note_waiting_job();

-- Runs, by whole statements: a burst commits many. How a campaign's run waits is how the campaign does, and so is what a run waits for that it started.
create function note_runs() returns trigger language plpgsql as $$
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
create trigger note_added after insert on workflow_instances referencing new table as changed_runs for each statement execute function note_runs();
create trigger note_changed after update on workflow_instances referencing new table as changed_runs old table as former_runs
    for each statement execute function note_runs();

-- Now every change of a campaign is told.
drop table campaign_news;
