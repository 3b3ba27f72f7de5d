-- What a seal covers, in the order of the ids.
create or replace function audit_content(ids uuid[]) returns bytea language sql stable as $$
    select sha256(coalesce(string_agg(canon(e.id::text) || canon(e.workspace_id::text) || canon(e.actor_kind) || canon(e.actor_id) || canon(e.action)
        || canon(e.subject_kind) || canon(e.subject_id) || canon(e.address) || canon((extract(epoch
            from e.at) * 1000000)::bigint::text) || canon(e.details::text), ''::bytea order by e.id), ''::bytea))
    from audit_entries e where e.id = any(ids)
$$;
