using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Leads;

/// <summary>What sourcing returned about a person: all that scoring sees.</summary>
internal sealed record LeadFacts(
    string? FirstName, string? LastName, string? JobTitle, string? CompanyName, string? Industry, string? CompanySize, string? Country, string? City, string? Website)
{
    /// <summary>Columns of <c>leads l</c> in the order that <see cref="Read"/> takes them.</summary>
    public const string Columns = "l.first_name, l.last_name, l.job_title, l.company_name, l.industry, l.company_size, l.country, l.city, l.website";

    public static LeadFacts Read(NpgsqlDataReader row, int first) => new(
        row.Text(first), row.Text(first + 1), row.Text(first + 2), row.Text(first + 3), row.Text(first + 4),
        row.Text(first + 5), row.Text(first + 6), row.Text(first + 7), row.Text(first + 8));
}
