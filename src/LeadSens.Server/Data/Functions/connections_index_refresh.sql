-- Trigger of connections: with its first token that ends, a workspace has the renewal in service.
create or replace function connections_index_refresh() returns trigger language plpgsql as $$
begin
    perform workflow_index_triggers(new.workspace_id, 'refresh-tokens');
    return null;
end $$;
