-- An authorization under way is in a sealed cookie of the browser that began it. Here stands which were answered, until they are too old to be answered again.
delete from connection_states;
alter table connection_states
    drop column provider,
    drop column user_id,
    drop column session_id,
    drop column verifier,
    drop column redirect_uri;
