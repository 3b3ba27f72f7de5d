-- Whoever is a lead becomes a contact, by the writer that all sources go through. What was bought before has no raw answer any more, and was said when it
-- was stored.
do $$
declare
    origin record;
    part record;
    last uuid;
begin
    for origin in select distinct workspace_id, source as name from leads where erased_at is null loop
        last := '00000000-0000-0000-0000-000000000000';
        loop
            select array_agg(l.id order by l.id) as leads, array_agg(l.source_id order by l.id) as ids, array_agg(l.created_at order by l.id) as said,
                array_agg(jsonb_strip_nulls(jsonb_build_object(
                    'email', case when l.email_key ~ '^[^@]+@[^@]+$' then l.email_key end, 'firstName', l.first_name, 'lastName', l.last_name,
                    'jobTitle', l.job_title, 'companyName', l.company_name, 'website', l.website, 'industry', l.industry, 'companySize', l.company_size,
                    'country', l.country, 'city', l.city, 'linkedIn', left(lower(substring(l.linkedin_url from '(?i)linkedin\.com/in/([^/?#\s]+)')), 200),
                    'verification', l.source_verification)) order by l.id) as fields
            into part
            from (
                select * from leads where workspace_id = origin.workspace_id and source = origin.name and erased_at is null and id > last
                order by id limit 500) l;
            exit when part.leads is null;
            update leads l set contact_id = (w.contact).id
            from contacts_write(origin.workspace_id, origin.name, 1::smallint, null, part.ids, part.said, part.fields,
                array_fill(null::text, array[cardinality(part.ids)]), null, null) w
            where l.id = part.leads[w.place];
            last := part.leads[cardinality(part.leads)];
        end loop;
    end loop;
end $$;

insert into contact_enrichments (workspace_id, contact_id, company_name, website, profile, failure, prompt_version, enriched_at)
select distinct on (l.workspace_id, l.contact_id) l.workspace_id, l.contact_id, l.company_name, e.website, e.profile, e.failure, e.prompt_version, e.enriched_at
from lead_enrichments e join leads l on l.id = e.lead_id where l.contact_id is not null
order by l.workspace_id, l.contact_id, e.profile is null, e.enriched_at desc, l.id desc;
drop table lead_enrichments;
