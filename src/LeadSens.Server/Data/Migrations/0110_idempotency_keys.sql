-- What callers called their requests (Idempotency-Key), so that a request that is sent again does nothing again.
create table idempotency_keys (
    workspace_id uuid not null references workspaces (id) on delete cascade,
    id uuid not null,                      -- of caller, use case and key
    request_hash bytea not null,           -- with the key in it, which is in no column
    state smallint not null default 0,     -- 0 claimed, 1 the effect is committed, 2 answered
    claim uuid not null,                   -- only who holds it commits under this key
    claimed_until timestamptz not null,
    sealed_outcome bytea,                  -- of the effect's transaction (1), the answer (2); null: forgotten with a person
    created_at timestamptz not null,
    primary key (workspace_id, id));

create index idempotency_keys_by_age on idempotency_keys (created_at);

create trigger refuse_closed_key before insert or update of sealed_outcome on idempotency_keys for each row when (sealed_with_closed_key(new.sealed_outcome)) execute function refuse_closed_key();
