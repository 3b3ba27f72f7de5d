using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>Stores leads as the provider returned them, a page in one statement. A lead that is there already stays as it is.</summary>
internal static class SourcedLeads
{
    private const string Sql = """
        with stored as (
            insert into leads (id, workspace_id, campaign_id, source, source_id, email, email_key, first_name, last_name, job_title, company_name, website,
                industry, company_size, country, city, linkedin_url, source_verification, status, created_at, updated_at)
            select s.id, $1, $2, 'instantly', s.source_id, s.email, s.email_key, s.first_name, s.last_name, s.job_title, s.company_name, s.website,
                s.industry, s.company_size, s.country, s.city, s.linkedin_url, s.verification, 'Sourced', now(), now()
            from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
                $14::text[], $15::text[], $16::text[], $17::int[])
                with ordinality as s (id, source_id, email, email_key, first_name, last_name, job_title, company_name, website, industry, company_size,
                    country, city, linkedin_url, verification, place)
            where s.place <= $18
            on conflict (campaign_id, source, source_id) do nothing
            returning 1)
        select count(*) from stored
        """;

    private const string CountSql = "select count(*) from leads where campaign_id = $1";

    public static Task<long> CountAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancellationToken) =>
        connection.FirstAsync(CountSql, row => row.GetInt64(0), cancellationToken, campaignId);

    /// <summary>How many of the page's leads are new.</summary>
    /// <param name="limit">How many more the campaign may take.</param>
    public static Task<long> StoreAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid campaignId, IReadOnlyList<InstantlyLead> leads, long limit, CancellationToken cancellationToken) =>
        connection.FirstAsync(Sql, row => row.GetInt64(0), cancellationToken, workspaceId, campaignId,
            leads.Select(_ => Guid.CreateVersion7()).ToArray(), leads.Select(lead => lead.Id).ToArray(),
            Texts(leads, lead => lead.Email), Texts(leads, lead => lead.Email?.ToLowerInvariant()),
            Texts(leads, lead => lead.FirstName), Texts(leads, lead => lead.LastName), Texts(leads, lead => lead.JobTitle ?? lead.Field("jobTitle", "job_title")),
            Texts(leads, lead => lead.CompanyName), Texts(leads, lead => lead.Website ?? lead.CompanyDomain),
            Texts(leads, lead => lead.Field("industry", "companyIndustry", "company_industry")),
            Texts(leads, lead => lead.Field("companySize", "company_size", "employeeCount", "employee_count", "employees", "headcount")),
            Texts(leads, lead => lead.Field("country", "companyCountry", "company_country")), Texts(leads, lead => lead.Field("city", "location")),
            Texts(leads, lead => lead.Field("linkedIn", "linkedin", "linkedinUrl", "linkedin_url")), leads.Select(lead => lead.VerificationStatus).ToArray(), limit);

    /// <summary>Trimmed, empty as null, and without the zero that PostgreSQL cannot store.</summary>
    private static string?[] Texts(IReadOnlyList<InstantlyLead> leads, Func<InstantlyLead, string?> field) =>
        [.. leads.Select(lead => field(lead)?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text ? text : null)];
}
