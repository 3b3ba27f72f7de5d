-- Makes one person of two. Beside a contact the workspace is a check, by which no index is walked (SqlText.Check).
create or replace function contacts_merge(p_workspace uuid, p_from uuid, p_into uuid) returns void language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
    perform 1 from leads where contact_id = p_from and (workspace_id = p_workspace) is true order by id for no key update;
    update leads set contact_id = p_into where contact_id = p_from and (workspace_id = p_workspace) is true;
    update contact_identities set contact_id = p_into where contact_id = p_from and (workspace_id = p_workspace) is true;
    update contact_emails set contact_id = p_into where contact_id = p_from and (workspace_id = p_workspace) is true;
    insert into contact_phones (workspace_id, contact_id, number)
    select p_workspace, p_into, number from contact_phones where contact_id = p_from and (workspace_id = p_workspace) is true on conflict do nothing;
    delete from contact_enrichments e using contact_enrichments better
        where e.workspace_id = p_workspace and e.contact_id in (p_from, p_into)
            and better.workspace_id = p_workspace and better.contact_id in (p_from, p_into) and better.contact_id <> e.contact_id
            and (better.profile is not null, better.enriched_at, better.contact_id) > (e.profile is not null, e.enriched_at, e.contact_id);
    update contact_enrichments set contact_id = p_into where contact_id = p_from and (workspace_id = p_workspace) is true;
    delete from contacts where workspace_id = p_workspace and id = p_from;
end $$;
