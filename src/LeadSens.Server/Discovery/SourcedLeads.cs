using LeadSens.Server.Contacts;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>Stores leads as the provider returned them, and the people who they are, a page in one statement. A lead that is there stays as it is.</summary>
internal static class SourcedLeads
{
    /// <summary>A lead is made of what its own record says, and where that says nothing, of what is known of the person. Who is on the list is set aside at
    /// once. Of an erased person only a row without anything personal comes back, so that the figures add up.</summary>
    private static readonly string Sql = $"""
        with told as (
            select * from unnest($12::uuid[], $5::text[], $13::text[], $14::text[], $15::text[], $7::jsonb[])
                with ordinality as t (id, source_id, email, email_key, linkedin_url, fields, place)),
        people as ({ContactWriter.Sql}),
        known as (
            select t.id, t.source_id, t.fields, t.linkedin_url, p.erased, p.contact,
                coalesce(t.email, (p.contact).email) as email, coalesce(t.email_key, (p.contact).email) as email_key
            from told t join people p on p.place = t.place),
        found as (
            select k.*, case when k.erased then 'an erased person' else {SuppressionSql.Holding("$1", "k.email_key", "$9", "$10")} end as held from known k),
        stored as (
            insert into leads (id, workspace_id, campaign_id, contact_id, source, source_id, email, email_key, first_name, last_name, job_title, company_name,
                website, industry, company_size, country, city, linkedin_url, source_verification, status, exclusion_reason, erased_at, created_at, updated_at)
            select f.id, $1, $11, (e.contact).id, $2,
                case when f.erased then 'erased:' || encode(address_hash(f.source_id, $9, $10), 'hex') else f.source_id end, e.email, e.email_key,
                {Field("firstName", "first_name")}, {Field("lastName", "last_name")}, {Field("jobTitle", "job_title")},
                {Field("companyName", "company_name")}, {Field("website", "website")}, {Field("industry", "industry")},
                {Field("companySize", "company_size")}, {Field("country", "country")}, {Field("city", "city")},
                coalesce(e.linkedin_url, (e.contact).linkedin_url), (f.fields ->> 'verification')::int,
                {LeadMoves.Source.Value(LeadStatus.Suppressed, ("f.held is null", LeadStatus.Sourced))},
                'On the suppression list: ' || f.held || '.', case when f.erased then clock_now() end, now(), now()
            from found f left join found e on e.id = f.id and not e.erased
            on conflict (campaign_id, source, source_id) do nothing
            returning 1)
        select count(*), (select status = 'Cancelled' from campaigns where id = $11) from stored
        """;

    private const string CountSql = "select count(*) from leads where campaign_id = $1";

    public static Task<long> CountAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancellationToken) =>
        connection.FirstAsync(CountSql, row => row.GetInt64(0), cancellationToken, campaignId);

    /// <summary>How many of the page's leads are new, and whether the campaign was cancelled meanwhile.</summary>
    public static Task<(long New, bool Cancelled)> StoreAsync(
        NpgsqlConnection connection, ClaimedJob job, string source, IReadOnlyList<ListedLead> leads, SuppressionKey key, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var records = leads.Select(lead => RecordOf(lead, now)).ToList();
        return connection.Sql(Sql,
        [
            .. ContactWriter.Values(job.WorkspaceId, RecordSource.Vendor(source), job.Id, records, key.Inner, key.Outer),
            job.RequireCampaign(), leads.Select(_ => Guid.CreateVersion7()).ToArray(), leads.Select(lead => lead.Email).ToArray(),
            leads.Select(lead => LeadAddress.KeyOf(lead.Email)).ToArray(), leads.Select(lead => lead.LinkedIn).ToArray(),
        ]).FirstAsync(row => (row.GetInt64(0), row.GetBoolean(1)), cancellationToken);
    }

    /// <summary>A clock that goes ahead is not believed: what it said would stand for ever.</summary>
    private static SourceRecord RecordOf(ListedLead lead, DateTimeOffset now) =>
        new(lead.Id, lead.ToldAt is { } told && told < now ? told : now, lead.Fields, lead.Raw);

    private static string Field(string name, string column) => $"coalesce(e.fields ->> '{name}', (e.contact).{column})";
}
