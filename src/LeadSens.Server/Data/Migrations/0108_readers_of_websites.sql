-- Which provider read the website.
alter table contact_enrichments add column reader text;
update contact_enrichments set reader = 'jina' where profile is not null;
