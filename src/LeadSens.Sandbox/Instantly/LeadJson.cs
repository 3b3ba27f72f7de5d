using System.Globalization;
using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary>Leads and lists as Instantly writes them: snake_case outside, camelCase in previews and payloads.</summary>
internal static class LeadJson
{
    public static string Id(LeadList list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list.Id.AsSpan(0, 28)}{index:x8}");

    public static int IndexOf(string leadId) =>
        leadId.Length == 36 && int.TryParse(leadId.AsSpan(28), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue - 1;

    public static void Preview(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject();
        json.WriteString("firstName", person.FirstName);
        json.WriteString("lastName", person.LastName);
        json.WriteString("fullName", $"{person.FirstName} {person.LastName}".Trim());
        json.WriteString("jobTitle", person.JobTitle);
        json.WriteString("location", person.Location);
        json.WriteString("linkedIn", person.LinkedIn);
        json.WriteString("companyName", person.CompanyName);
        json.WriteNull("companyLogo");
        json.WriteString("companyId", person.Domain);
        json.WriteBoolean("isOwned", false);
        json.WriteEndObject();
    }

    public static void Enrichment(Utf8JsonWriter json, LeadList list, bool inProgress)
    {
        json.WriteStartObject();
        json.WriteString("id", Workspace.Id(Dice.Of(0, list.Id)));
        json.WriteString("resource_id", list.Id);
        json.WriteNumber("resource_type", 2);
        json.WriteString("background_job_id", Workspace.Id(Dice.Of(1, list.Id)));
        json.WriteNumber("limit", list.Bought);
        json.WriteBoolean("exists", true);
        json.WriteBoolean("in_progress", inProgress);
        json.WriteBoolean("has_no_leads", list.Bought == 0);
        json.WriteStartObject("enrichment_payload");
        json.WriteBoolean("work_email_enrichment", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void List(Utf8JsonWriter json, LeadList list, string organizationId)
    {
        json.WriteStartObject();
        json.WriteString("id", list.Id);
        json.WriteString("organization_id", organizationId);
        json.WriteBoolean("has_enrichment_task", list.Filters is not null);
        json.WriteString("name", list.Name);
        json.WriteString("timestamp_created", list.At);
        json.WriteEndObject();
    }

    public static void Lead(Utf8JsonWriter json, LeadList list, Person person, string id, string organizationId)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("timestamp_created", list.At);
        json.WriteString("timestamp_updated", list.At);
        json.WriteString("organization", organizationId);
        json.WriteString("list_id", list.Id);
        json.WriteNumber("status", 1);
        json.WriteNumber("enrichment_status", person.Email is null ? -1 : 1);
        json.WriteNumber("verification_status", person.Verification);
        json.WriteString("email", person.Email);
        json.WriteString("first_name", person.FirstName);
        json.WriteString("last_name", person.LastName);
        json.WriteString("job_title", person.JobTitle);
        json.WriteString("company_name", person.CompanyName);
        json.WriteString("company_domain", person.Domain);
        json.WriteString("website", person.Website);
        json.WriteNull("phone");
        Payload(json, person);
        json.WriteEndObject();
    }

    public static void Lead(Utf8JsonWriter json, AddedLead lead, string organizationId)
    {
        using var body = JsonDocument.Parse(lead.Body);
        json.WriteStartObject();
        json.WriteString("id", lead.Id);
        json.WriteString("timestamp_created", lead.At);
        json.WriteString("timestamp_updated", lead.At);
        json.WriteString("organization", organizationId);
        json.WriteString(lead.InCampaign ? "campaign" : "list_id", lead.TargetId);
        json.WriteNumber("status", 1);
        json.WriteNumber("verification_status", 1);
        foreach (var member in body.RootElement.EnumerateObject().Where(member => member.Name is not ("id" or "custom_variables" or "email")))
        {
            member.WriteTo(json);
        }

        json.WriteString("email", lead.Email);
        if (body.RootElement.Member("custom_variables") is { } custom)
        {
            json.WritePropertyName("payload");
            custom.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void Payload(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject("payload");
        json.WriteString("email", person.Email);
        json.WriteString("firstName", person.FirstName);
        json.WriteString("lastName", person.LastName);
        json.WriteString("jobTitle", person.JobTitle);
        json.WriteString("companyName", person.CompanyName);
        json.WriteString("companyDomain", person.Domain);
        json.WriteString("website", person.Website);
        json.WriteString("linkedIn", person.LinkedIn);
        json.WriteString("location", person.Location);
        json.WriteString("city", person.City);
        json.WriteString("country", person.Country);
        json.WriteString("industry", person.Industry);
        json.WriteString("companySize", person.CompanySize);
        json.WriteEndObject();
    }
}
