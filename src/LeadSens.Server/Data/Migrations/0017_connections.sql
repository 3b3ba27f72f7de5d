-- Signing keys that were derived from replaced master keys, sealed with the current one: what they signed still verifies after the master key is gone.
create table retired_keys (
    use text not null,
    key_id text not null,                  -- of the master key that it was derived from
    sealed_key bytea not null,
    retired_at timestamptz not null,
    primary key (use, key_id));
