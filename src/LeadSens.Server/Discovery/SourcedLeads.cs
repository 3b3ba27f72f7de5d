using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Data;
using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>Stores leads as the provider returned them, a page in one statement. A lead that is there already stays as it is.</summary>
internal static class SourcedLeads
{
    /// <summary>Who is on the list is set aside at once. Of an erased person only a row without anything personal comes back, so that the figures add up.</summary>
    private static readonly string Sql = $"""
        with found as (
            select s.*, {SuppressionSql.Holding("$1", "s.email_key", "$19", "$20")} as held
            from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
                $14::text[], $15::text[], $16::text[], $17::int[])
                with ordinality as s (id, source_id, email, email_key, first_name, last_name, job_title, company_name, website, industry, company_size,
                    country, city, linkedin_url, verification, place)
            where s.place <= $18),
        kept as (select f.*, f.held is not distinct from 'an erased person' as erased from found f),
        stored as (
            insert into leads (id, workspace_id, campaign_id, source, source_id, email, email_key, first_name, last_name, job_title, company_name, website,
                industry, company_size, country, city, linkedin_url, source_verification, status, exclusion_reason, erased_at, created_at, updated_at)
            select s.id, $1, $2, 'instantly', case when s.erased then 'erased:' || encode(address_hash(s.source_id, $19, $20), 'hex') else s.source_id end,
                e.email, e.email_key, e.first_name, e.last_name, e.job_title, e.company_name, e.website, e.industry, e.company_size, e.country, e.city, e.linkedin_url, s.verification,
                {LeadMoves.Source.Value(LeadStatus.Suppressed, ("s.held is null", LeadStatus.Sourced))},
                'On the suppression list: ' || s.held || '.', case when s.erased then clock_now() end, now(), now()
            from kept s left join kept e on e.id = s.id and not e.erased
            on conflict (campaign_id, source, source_id) do nothing
            returning 1)
        select count(*), (select status = 'Cancelled' from campaigns where id = $2) from stored
        """;

    private const string CountSql = "select count(*) from leads where campaign_id = $1";

    public static Task<long> CountAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancellationToken) =>
        connection.FirstAsync(CountSql, row => row.GetInt64(0), cancellationToken, campaignId);

    /// <summary>How many of the page's leads are new, and whether the campaign was cancelled meanwhile.</summary>
    /// <param name="limit">How many more the campaign may take.</param>
    public static Task<(long New, bool Cancelled)> StoreAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid campaignId, IReadOnlyList<InstantlyLead> leads, long limit, SuppressionKey key, CancellationToken cancellationToken) =>
        connection.FirstAsync(Sql, row => (row.GetInt64(0), row.GetBoolean(1)), cancellationToken, workspaceId, campaignId,
            leads.Select(_ => Guid.CreateVersion7()).ToArray(), leads.Select(lead => lead.Id).ToArray(),
            Texts(leads, lead => lead.Email), Texts(leads, lead => LeadAddress.KeyOf(lead.Email)),
            Texts(leads, lead => lead.FirstName), Texts(leads, lead => lead.LastName), Texts(leads, lead => lead.JobTitle ?? lead.Field("jobTitle", "job_title")),
            Texts(leads, lead => lead.CompanyName), Texts(leads, lead => lead.Website ?? lead.CompanyDomain),
            Texts(leads, lead => lead.Field("industry", "companyIndustry", "company_industry")),
            Texts(leads, lead => lead.Field("companySize", "company_size", "employeeCount", "employee_count", "employees", "headcount")),
            Texts(leads, lead => lead.Field("country", "companyCountry", "company_country")), Texts(leads, lead => lead.Field("city", "location")),
            Texts(leads, lead => lead.Field("linkedIn", "linkedin", "linkedinUrl", "linkedin_url")), leads.Select(lead => lead.VerificationStatus).ToArray(), limit, key.Inner, key.Outer);

    /// <summary>Trimmed, empty as null, and without the zero that PostgreSQL cannot store.</summary>
    private static string?[] Texts(IReadOnlyList<InstantlyLead> leads, Func<InstantlyLead, string?> field) =>
        [.. leads.Select(lead => field(lead)?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text ? text : null)];
}
