-- What somebody handed out in a workspace goes when they leave it: whoever holds it meanwhile gets nothing when they come back.
delete from api_keys k where made_by is not null and not exists (select from workspace_members m where m.workspace_id = k.workspace_id and m.user_id = k.made_by);
delete from workspace_invitations i where invited_by is not null and not exists (select from workspace_members m where m.workspace_id = i.workspace_id and m.user_id = i.invited_by);
delete from approval_tokens t where user_id is not null and not exists (select from workspace_members m where m.workspace_id = t.workspace_id and m.user_id = t.user_id);

alter table api_keys add constraint api_keys_of_a_member foreign key (workspace_id, made_by) references workspace_members (workspace_id, user_id) on delete cascade;
alter table workspace_invitations add constraint invitations_of_a_member foreign key (workspace_id, invited_by) references workspace_members (workspace_id, user_id) on delete cascade;
alter table approval_tokens add constraint approval_tokens_of_a_member foreign key (workspace_id, user_id) references workspace_members (workspace_id, user_id) on delete cascade;
