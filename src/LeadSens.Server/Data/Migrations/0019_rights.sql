-- Who did what, from where. Rows are only added; what is old enough goes by age, through audit_forget alone.
create table audit_entries (
    id uuid primary key,
    workspace_id uuid,                     -- null: of an account that is in no workspace
    actor_kind text not null check (actor_kind in ('person', 'key', 'link', 'system', 'nobody')),
    actor_id text,                         -- an account's or key's id, the beginning of a link's hash
    action text not null,                  -- noun.verb
    subject_kind text,
    subject_id text,
    address text,                          -- where the request came from
    at timestamptz not null,
    details jsonb);                        -- small; no personal data, no secrets
create index on audit_entries (workspace_id, id);
create index on audit_entries (workspace_id, subject_id) where subject_id is not null;
create index audit_entries_age on audit_entries using brin (at);

-- Entries that no seal covers yet. A table of its own, because the entries themselves are never changed.
create table audit_unsealed (entry_id uuid primary key);

create function audit_note_unsealed() returns trigger language plpgsql as $$
begin
    insert into audit_unsealed select id from added;
    return null;
end $$;
create trigger audit_unsealed after insert on audit_entries referencing new table as added for each statement execute function audit_note_unsealed();

create function audit_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('leadsens.audit_forgets', true) = 'by age' then
        return null;
    end if;
    raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
end $$;
create trigger audit_append_only before update or delete or truncate on audit_entries for each statement execute function audit_refuse();

-- A delete is let through for entries that are sealed and older than any setting may make them.
create function audit_keep_young() returns trigger language plpgsql as $$
begin
    if old.at > clock_now() - interval '30 days' or exists (select from audit_unsealed u where u.entry_id = old.id) then
        raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
    end if;
    return old;
end $$;
create trigger audit_keep_young before delete on audit_entries for each row execute function audit_keep_young();

-- One per round and workspace: a hash of the entries that were new, chained by HMAC to the seal before. Entries go by age, seals stay, so the chain can
-- be walked from its start for ever.
create table audit_seals (
    workspace_id uuid not null,            -- the empty id: entries of no workspace
    sequence bigint not null,
    entries uuid[] not null,
    content_hash bytea not null,
    mac bytea not null,
    at timestamptz not null,
    newest timestamptz not null,           -- of its entries
    forgotten_at timestamptz,              -- its entries went by age
    primary key (workspace_id, sequence));
create index audit_seals_age on audit_seals (newest) where forgotten_at is null;

create function audit_seal_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.forgotten_at is null and new.forgotten_at is not null and to_jsonb(new) - 'forgotten_at' = to_jsonb(old) - 'forgotten_at' then
        return new;
    end if;
    raise exception 'The audit log is only added to.' using errcode = 'restrict_violation';
end $$;
create trigger audit_seal_kept before update or delete on audit_seals for each row execute function audit_seal_kept();
create trigger audit_seals_kept before truncate on audit_seals for each statement execute function audit_refuse();

-- What a seal covers, in the order of the ids.
create function audit_content(ids uuid[]) returns bytea language sql stable as $$
    select sha256(coalesce(string_agg(canon(e.id::text) || canon(e.workspace_id::text) || canon(e.actor_kind) || canon(e.actor_id) || canon(e.action)
        || canon(e.subject_kind) || canon(e.subject_id) || canon(e.address) || canon((extract(epoch from e.at) * 1000000)::bigint::text) || canon(e.details::text), ''::bytea order by e.id), ''::bytea))
    from audit_entries e where e.id = any(ids)
$$;

-- Forgets whole seals' entries of a workspace's chain, oldest first; answers how many entries went.
create function audit_forget(p_older interval, p_seals int) returns int language plpgsql as $$
declare
    gone uuid[];
    forgotten int;
begin
    with old as (
        select s.workspace_id, s.sequence from audit_seals s where s.forgotten_at is null and s.newest < clock_now() - greatest(p_older, interval '30 days')
        order by s.newest limit p_seals for update skip locked),
    marked as (update audit_seals s set forgotten_at = clock_now() from old where s.workspace_id = old.workspace_id and s.sequence = old.sequence returning s.entries)
    select array_agg(e) into gone from marked, unnest(marked.entries) e;
    perform set_config('leadsens.audit_forgets', 'by age', true);
    delete from audit_entries where id = any (gone);
    get diagnostics forgotten = row_count;
    perform set_config('leadsens.audit_forgets', '', true);
    return forgotten;
end $$;

-- ---- Whom never to contact.

alter table suppressions
    alter column value drop not null,
    add column hash bytea,                 -- of an erased person's address, under the workspace's salt: the list tells nobody who that was
    add column source text not null default 'manual',   -- manual, import, unsubscribe, complaint, bounce, erasure
    add constraint suppressions_named check ((value is null) <> (hash is null));
create unique index suppressions_hash on suppressions (workspace_id, hash) where hash is not null;

create table workspace_salts (
    workspace_id uuid primary key references workspaces (id) on delete cascade,
    sealed_salt bytea not null,            -- random, made once; a rotation seals it again and changes no hash
    created_at timestamptz not null);

-- HMAC-SHA256 with the key's two padded blocks, so that a list is hashed where it is.
create function address_hash(key text, inner_pad bytea, outer_pad bytea) returns bytea language sql stable parallel safe
    return sha256(outer_pad || sha256(inner_pad || convert_to(key, 'UTF8')));

-- example.co.uk of mail.example.co.uk, and mail.example.co.uk itself, co.uk and uk.
create function address_domains(key text) returns text[] language sql immutable parallel safe as $$
    select array(select array_to_string(l.labels[i:], '.') from (select string_to_array(split_part(key, '@', -1), '.') as labels) l, generate_subscripts(l.labels, 1) i)
$$;

-- ---- What somebody may ask for: to be erased.

-- The row stays as a number in its campaign's figures; nothing in it says who it was.
alter table leads add column erased_at timestamptz;

-- A receipt whose subject was erased: its code covered the address, so a second code, made after the first was checked, covers what is left.
alter table receipts add column erasure_mac bytea;
create index receipts_of_lead on receipts (lead_id) where lead_id is not null;

create index leads_age on leads using brin (created_at);

create table erasures (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id) on delete cascade,
    lead_ids uuid[] not null,
    sealed_person bytea,                   -- what texts are searched for; null once nothing is left to search
    state text not null check (state in ('running', 'settling', 'done')),
    run_after timestamptz not null,
    asked_at timestamptz not null,
    done_at timestamptz);
create index erasures_due on erasures (run_after) where state <> 'done';
create index on erasures (workspace_id, id);
