-- Where a workspace hears of approvals beside its mails: a channel at any provider that has one.
alter table workspace_slack rename to notice_channels;
do $$
declare
    former text;
begin
    for former in select conname from pg_constraint where conrelid = 'notice_channels'::regclass and conname like 'workspace\_slack%' loop
        execute format('alter table notice_channels rename constraint %I to %I', former, replace(former, 'workspace_slack', 'notice_channels'));
    end loop;
end $$;
alter table notice_channels add column provider text not null default 'slack';
alter table notice_channels alter column provider drop default, drop constraint notice_channels_pkey, add primary key (workspace_id, provider);

-- As in 0083: what is still bound to the table's former name and to the workspace alone.
create index notice_channels_formerly_sealed on notice_channels (workspace_id, provider) where sealed_url is not null and substring(sealed_url from 1 for 1) <> '\x02';
