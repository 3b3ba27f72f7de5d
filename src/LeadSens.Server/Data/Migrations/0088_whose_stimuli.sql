-- What the Server itself sent to a run says from now on whose it is (Data/Functions). What it sent before is of the run that waited, while that is here; of
-- others, which came to their end, nobody reads the payload any more.
update stimuli s set workspace_id = i.workspace_id from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id
    where s.workspace_id is null and b.key = s.key;
update stimuli s set payload = null
    where s.workspace_id is null and not s.broadcast and s.status <> 'Waiting' and s.payload is not null and not exists (select from workflow_bookmarks b where b.key = s.key);
