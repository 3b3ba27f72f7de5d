-- What a reviewer chose lead by lead before deciding. It is that reviewer's alone: nobody else's decision takes it up, and it is gone when the approval is decided.
create unique index if not exists approvals_workspace_id_id_key on approvals (workspace_id, id);
create table approval_choices (
    workspace_id uuid not null,
    approval_id uuid not null,
    lead_id uuid not null,
    reviewer text not null,                -- as in approvals.decided_by
    decision text check (decision in ('approve', 'reject', 'requestChanges')),
    comment text,
    primary key (approval_id, lead_id, reviewer),
    foreign key (workspace_id, approval_id) references approvals (workspace_id, id) on delete cascade,
    foreign key (approval_id, lead_id) references approval_leads (approval_id, lead_id) on delete cascade);
create index on approval_choices (workspace_id);

-- Choices of before are nobody's.
update approval_leads al set decision = null, comment = null from approvals a where a.id = al.approval_id and a.status = 'pending' and (al.decision is not null or al.comment is not null);
