-- The one writer: takes what a source says of some people, finds out who each is, and sets the values that stand. Records that share an id, an address
-- or a LinkedIn name, or meet through somebody who is known already, are of one person, so any order of the same records gives the same people. Saying
-- something again changes nothing. Of whoever was erased (the pads are those of the workspace's salt) nothing is written.
create or replace function contacts_write(
    p_workspace uuid, p_provider text, p_rank smallint, p_call uuid, p_ids text[], p_said timestamptz[], p_fields jsonb[], p_raws text[],
    p_inner bytea, p_outer bytea)
returns table (place int, erased boolean, contact contacts) language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
    erased_ones boolean[];
    key_places int[];
    key_names text[];
    labels int[];
    smaller int[];
    known text[];
    fresh uuid[];
    owners uuid[];
    pair record;
begin
    if cardinality(p_ids) = 0 then
        return;
    end if;
    -- One at a time, so that two pages with the same new person see each other; what follows sees what the one before committed.
    perform pg_advisory_xact_lock(hashtextextended('contacts:' || p_workspace, 0));

    select array_agg(
        exists (select from suppressions s where s.workspace_id = p_workspace and s.hash = address_hash(t.fields ->> 'email', p_inner, p_outer)) order by t.n)
    into erased_ones from unnest(p_fields) with ordinality t (fields, n);

    -- Which keys each record has, and which contacts have them. Looked up one by one: before there are statistics PostgreSQL would hold each record
    -- against the whole workspace.
    with said as (
        select t.n::int as n, t.id, t.fields ->> 'email' as email, t.fields ->> 'linkedIn' as linkedin
        from unnest(p_ids, p_fields) with ordinality t (id, fields, n) where not erased_ones[t.n]),
    keys as (
        select n, 'id ' || id as key from said
        union select n, 'email ' || email from said where email is not null
        union select n, 'linkedin ' || linkedin from said where linkedin is not null
        union select n, 'contact ' || i.contact_id from said cross join lateral (
            select contact_id from contact_identities where workspace_id = p_workspace and provider = p_provider and provider_id = said.id limit 1) i
        union select n, 'contact ' || i.contact_id from said cross join lateral (
            select contact_id from contact_identities where workspace_id = p_workspace and provider = 'linkedin' and provider_id = said.linkedin limit 1) i
        union select n, 'contact ' || e.contact_id from said cross join lateral (
            select contact_id from contact_emails where workspace_id = p_workspace and address = said.email limit 1) e
        union select n::int, 'erased ' || n from generate_subscripts(p_ids, 1) n where erased_ones[n])
    select array_agg(n), array_agg(key) into key_places, key_names from keys;

    -- Records that share a key take the smallest number among them, until nothing changes: then each group is one person.
    labels := array(select n from generate_subscripts(p_ids, 1) n order by n);
    loop
        select array_agg(label order by n) into smaller from (
            select k.n, min(k.label) as label from (
                select t.n, min(labels[t.n]) over (partition by t.key) as label from unnest(key_places, key_names) t (n, key)) k
            group by k.n) grouped;
        exit when smaller = labels;
        labels := smaller;
    end loop;

    -- A group is who it was already, the oldest where it was several, or somebody new.
    select array_agg(id order by n) into known from (
        select k.n, min(k.id) as id from (
            select t.n, min(substr(t.key, 9)) filter (where t.key like 'contact %') over (partition by labels[t.n]) as id
            from unnest(key_places, key_names) t (n, key)) k
        group by k.n) grouped;
    fresh := array(select new_id() from generate_subscripts(p_ids, 1));
    owners := array(
        select case when not erased_ones[n] then coalesce(known[n]::uuid, fresh[labels[n]]) end from generate_subscripts(p_ids, 1) n order by n);
    for pair in
        select distinct substr(t.key, 9)::uuid as loser, owners[t.n] as winner from unnest(key_places, key_names) t (n, key)
        where t.key like 'contact %' and substr(t.key, 9) <> owners[t.n]::text order by 1
    loop
        perform contacts_merge(p_workspace, pair.loser, pair.winner);
    end loop;

    insert into contact_identities (workspace_id, provider, provider_id, contact_id)
    select p_workspace, p_provider, t.id, t.owner from unnest(p_ids, owners) t (id, owner) where t.owner is not null
    union select p_workspace, 'linkedin', t.fields ->> 'linkedIn', t.owner from unnest(p_fields, owners) t (fields, owner)
    where t.owner is not null and t.fields ? 'linkedIn'
    on conflict do nothing;

    insert into contact_phones (workspace_id, contact_id, number)
    select distinct p_workspace, t.owner, t.fields ->> 'phone' from unnest(p_fields, owners) t (fields, owner) where t.owner is not null and t.fields ? 'phone'
    on conflict do nothing;

    -- What a source says again is one record, of the last time that it said so: however often people are met, their records are as many as are different.
    insert into source_records as r (workspace_id, provider, provider_id, said_at, received_at, call, rank, fields, raw)
    select distinct on (t.id, t.fields) p_workspace, p_provider, t.id, t.said, clock_now(), p_call, p_rank, t.fields, t.raw
    from unnest(p_ids, p_said, p_fields, p_raws, owners) t (id, said, fields, raw, owner) where t.owner is not null
    order by t.id, t.fields, t.said desc, t.raw collate "C" desc nulls last
    on conflict (workspace_id, provider, provider_id, what) do update
        set said_at = excluded.said_at, rank = excluded.rank, raw = excluded.raw, call = excluded.call, received_at = excluded.received_at
        where (excluded.said_at, excluded.rank, coalesce(excluded.raw, '') collate "C") > (r.said_at, r.rank, coalesce(r.raw, '') collate "C");

    -- What is pending says nothing; of two clear answers of one time the worse counts.
    insert into contact_emails as e (workspace_id, address, contact_id, verification, verification_source, verified_at)
    select p_workspace, a.address, a.owner, v.verification, v.provider, v.said_at
    from (
        select t.fields ->> 'email' as address, t.owner from unnest(p_fields, owners) t (fields, owner) where t.owner is not null and t.fields ? 'email'
        union select m.address, m.contact_id from contact_emails m where m.contact_id = any(owners) and (m.workspace_id = p_workspace) is true) a
    left join (
        select distinct on (r.fields ->> 'email') r.fields ->> 'email' as address, (r.fields ->> 'verification')::int as verification, r.provider, r.said_at
        from contact_identities i
        join source_records r on r.workspace_id = i.workspace_id and r.provider = i.provider and r.provider_id = i.provider_id
        where i.contact_id = any(owners) and (i.workspace_id = p_workspace) is true and r.fields ? 'email'
            and r.fields ->> 'verification' in ('1', '-1', '-2', '-3', '-4')
        order by r.fields ->> 'email', r.said_at desc, (r.fields ->> 'verification')::int, r.provider) v on v.address = a.address
    on conflict (workspace_id, address) do update
        set verification = excluded.verification, verification_source = excluded.verification_source, verified_at = excluded.verified_at
        where (e.verification, e.verification_source, e.verified_at)
            is distinct from (excluded.verification, excluded.verification_source, excluded.verified_at);

    insert into contacts as c (workspace_id, id, email, phone, first_name, last_name, job_title, company_name, website, industry, company_size, country, city,
        linkedin_url, language, time_zone, created_at, updated_at)
    select p_workspace, o.id, s.fields ->> 'email', s.fields ->> 'phone', s.fields ->> 'firstName', s.fields ->> 'lastName', s.fields ->> 'jobTitle',
        s.fields ->> 'companyName', s.fields ->> 'website', s.fields ->> 'industry', s.fields ->> 'companySize', s.fields ->> 'country', s.fields ->> 'city',
        'https://www.linkedin.com/in/' || (s.fields ->> 'linkedIn'), s.fields ->> 'language', s.fields ->> 'timeZone', clock_now(), clock_now()
    from (select distinct owner as id from unnest(owners) owner where owner is not null) o
    left join (
        select f.contact_id, jsonb_object_agg(f.field, f.value) as fields from field_facts f
        where f.contact_id = any(owners) and (f.workspace_id = p_workspace) is true and f.stands group by f.contact_id) s on s.contact_id = o.id
    on conflict (workspace_id, id) do update set email = excluded.email, phone = excluded.phone, first_name = excluded.first_name,
        last_name = excluded.last_name, job_title = excluded.job_title, company_name = excluded.company_name, website = excluded.website,
        industry = excluded.industry, company_size = excluded.company_size, country = excluded.country, city = excluded.city,
        linkedin_url = excluded.linkedin_url, language = excluded.language, time_zone = excluded.time_zone, updated_at = excluded.updated_at
        where (c.email, c.phone, c.first_name, c.last_name, c.job_title, c.company_name, c.website, c.industry, c.company_size, c.country, c.city,
                c.linkedin_url, c.language, c.time_zone)
            is distinct from (excluded.email, excluded.phone, excluded.first_name, excluded.last_name, excluded.job_title, excluded.company_name,
                excluded.website, excluded.industry, excluded.company_size, excluded.country, excluded.city, excluded.linkedin_url,
                excluded.language, excluded.time_zone);

    return query select t.n::int, t.owner is null, c from unnest(owners) with ordinality t (owner, n)
        left join contacts c on c.workspace_id = p_workspace and c.id = t.owner order by t.n;
end $$;
