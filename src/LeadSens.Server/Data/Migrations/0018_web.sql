-- The keys behind cookies and anti-forgery tokens, sealed as a whole (Secrets/SealedColumns).
create table data_protection_keys (
    id text primary key,
    sealed_key bytea not null,
    created_at timestamptz not null);

-- Nodes remember who a caller is and what they may do. Whatever takes a right away says so, whoever did it, with the commit that does it:
-- s:<session>, u:<user>, k:<key>. Such changes are rare, so the commit's turn in the queue of notifications costs nobody anything.
create function tell_access() returns trigger language plpgsql as $$
begin
    perform pg_notify('leadsens_access', tg_argv[0] || ':' || (to_jsonb(old) ->> tg_argv[1]));
    return null;
end $$;

create trigger tell_access_changed after update of ended_at, expires_at, access_hash, access_expires_at, workspace_id, user_id, kind on user_sessions for each row
    when (old.access_hash is not null and old.access_hash is distinct from new.access_hash or old.ended_at is distinct from new.ended_at or old.expires_at > new.expires_at
        or old.workspace_id is distinct from new.workspace_id or old.user_id <> new.user_id or old.kind <> new.kind)
    execute function tell_access('s', 'id');
create trigger tell_access_gone after delete on user_sessions for each row when (old.ended_at is null) execute function tell_access('s', 'id');

create trigger tell_access_changed after update of role, workspace_id, user_id on workspace_members for each row execute function tell_access('u', 'user_id');
create trigger tell_access_gone after delete on workspace_members for each row execute function tell_access('u', 'user_id');

create trigger tell_access_changed after update of key_hash, scopes, expires_at, workspace_id on api_keys for each row execute function tell_access('k', 'id');
create trigger tell_access_gone after delete on api_keys for each row execute function tell_access('k', 'id');
