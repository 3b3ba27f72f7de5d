-- An authenticator app that an account is bound to. It counts once a code of it was shown.
create table second_factors (
    user_id uuid primary key references users (id) on delete cascade,
    sealed_secret bytea not null,
    last_step bigint not null default 0,   -- of the last code that was taken: none is taken twice
    created_at timestamptz not null,
    confirmed_at timestamptz);

create table recovery_codes (
    code_hash bytea primary key,           -- SHA-256 of 120 random bits
    user_id uuid not null references users (id) on delete cascade,
    used_at timestamptz);
create index on recovery_codes (user_id);
