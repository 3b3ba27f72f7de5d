using LeadSens.Server.Contacts;
using LeadSens.Server.Discovery;
using LeadSens.Server.Leads;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>What Instantly's lists say of people. Beside the fields that every list has, lists have more, under names of their own.</summary>
internal static class InstantlyPeople
{
    public static ListedLead Of(InstantlyListedLead listed) =>
        new(listed.Lead.Id, Clean(listed.Lead.Email), LinkedInOf(listed.Lead), listed.ToldAt, FieldsOf(listed.Lead), listed.Raw);

    private static PersonFields FieldsOf(InstantlyLead lead) => new()
    {
        Email = PersonFields.AddressOf(LeadAddress.KeyOf(Clean(lead.Email))),
        FirstName = Clean(lead.FirstName),
        LastName = Clean(lead.LastName),
        JobTitle = Clean(lead.JobTitle ?? lead.Field("jobTitle", "job_title")),
        CompanyName = Clean(lead.CompanyName),
        Website = Clean(lead.Website ?? lead.CompanyDomain),
        Industry = Clean(lead.Field("industry", "companyIndustry", "company_industry")),
        CompanySize = Clean(lead.Field("companySize", "company_size", "employeeCount", "employee_count", "employees", "headcount")),
        Country = Clean(lead.Field("country", "companyCountry", "company_country")),
        City = Clean(lead.Field("city", "location")),
        LinkedIn = LinkedInAddress.NameIn(LinkedInOf(lead)),
        Verification = lead.VerificationStatus,
    };

    private static string? LinkedInOf(InstantlyLead lead) => Clean(lead.Field("linkedIn", "linkedin", "linkedinUrl", "linkedin_url"));

    /// <summary>Trimmed, empty as null, and without the zero that PostgreSQL cannot store.</summary>
    private static string? Clean(string? text) => text?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } clean ? clean : null;
}
