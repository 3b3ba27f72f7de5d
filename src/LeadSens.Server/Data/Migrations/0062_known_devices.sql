-- A browser that has signed in to an account: wrong passwords from there count here, strangers' at the account.
create table known_devices (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    failed_logins int not null default 0,
    locked_until timestamptz,
    created_at timestamptz not null,
    last_used_at timestamptz not null);
create index on known_devices (user_id);
