-- What is bound to less than it should be (the first byte is the version): that of before, until a start has bound it anew. Nothing of today is in them.
create index connections_formerly_sealed on connections (id) where credentials is not null and substring(credentials from 1 for 1) <> '\x02';
create index mails_formerly_sealed on mails (id) where sealed_message is not null and substring(sealed_message from 1 for 1) <> '\x02';
create index erasures_formerly_sealed on erasures (id) where sealed_person is not null and substring(sealed_person from 1 for 1) <> '\x02';
create index webhook_events_formerly_sealed on webhook_events (id) where sealed_body is not null and substring(sealed_body from 1 for 1) <> '\x02';
