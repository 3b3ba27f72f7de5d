-- What is looked at again and again walks an index, whatever has been kept. These columns never change with a commit, so a commit stays on its page.
create index workflow_instances_of_workspace on workflow_instances (workspace_id, created_at);
create index campaigns_running on campaigns (id) where status = 'Running';
create index campaigns_run on campaigns (workflow_instance_id);
create index users_unconfirmed on users (created_at) where confirmed_at is null;
create index account_links_over on account_links (expires_at);
create index workspace_invitations_over on workspace_invitations (expires_at);
create index jobs_of_mails on jobs ((payload ->> 'mailId')) where kind = 'mail.send';

-- What is only added, or changes often: found by blocks, which an update on its page does not write anew.
create index ai_events_age on ai_events using brin (at);
create index user_sessions_over on user_sessions using brin (coalesce(ended_at, expires_at));
