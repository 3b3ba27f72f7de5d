-- An older form of workflow_send, and another new_id. What functions are is in Data/Functions from now on, each in a file of its own.
drop function workflow_send(uuid[], text[], text[], boolean[], text[]);
drop function workflow_new_id();
