using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>Contacts as HubSpot reads and writes them: every value a text.</summary>
internal static class ContactJson
{
    private static readonly string[] Usual = ["email", "firstname", "lastname"];

    private static readonly HashSet<string> Known =
    [
        "email", "firstname", "lastname", "company", "jobtitle", "phone", "mobilephone", "website", "lifecyclestage", "hs_lead_status", "city", "state", "country",
        "zip", "address", "industry", "numemployees", "annualrevenue", "hs_language", "hs_linkedin_url", "message", "salutation", "hubspot_owner_id",
        "createdate", "lastmodifieddate", "hs_object_id", "hs_email_optout", "twitterhandle", "company_size", "job_function", "seniority",
    ];

    public static void Write(Utf8JsonWriter json, Contact contact, IReadOnlyCollection<string> properties, bool? isNew = null, string? trace = null)
    {
        json.WriteStartObject();
        json.WriteString("id", contact.Id);
        json.WriteStartObject("properties");
        json.WriteString("createdate", contact.CreatedAt);
        json.WriteString("hs_object_id", contact.Id);
        json.WriteString("lastmodifieddate", contact.UpdatedAt);
        foreach (var name in properties.Count > 0 ? properties : Usual)
        {
            if (name is not ("createdate" or "hs_object_id" or "lastmodifieddate"))
            {
                json.WriteString(name, contact.Properties.GetValueOrDefault(name));
            }
        }

        json.WriteEndObject();
        json.WriteString("createdAt", contact.CreatedAt);
        json.WriteString("updatedAt", contact.UpdatedAt);
        json.WriteBoolean("archived", false);
        if (isNew is { } value)
        {
            json.WriteBoolean("new", value);
        }

        if (trace is not null)
        {
            json.WriteString("objectWriteTraceId", trace);
        }

        json.WriteEndObject();
    }

    /// <returns>What refuses the whole request; null when the properties can be written.</returns>
    public static string? Read(JsonElement holder, out Dictionary<string, string> properties)
    {
        properties = [];
        if (holder.Member("properties") is not { ValueKind: JsonValueKind.Object } values)
        {
            return "Some required fields were not set: [properties]";
        }

        foreach (var member in values.EnumerateObject())
        {
            if (!Known.Contains(member.Name))
            {
                return $"Property values were not valid: [{{\"isValid\":false,\"message\":\"Property \\\"{member.Name}\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"{member.Name}\"}}]";
            }

            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                return $"Invalid input JSON: Cannot deserialize value of type `java.lang.String` from {member.Value.ValueKind} value ({member.Name})";
            }

            properties[member.Name] = member.Value.ToString();
        }

        return null;
    }

    public static bool IsAddress(string? email) =>
        email?.Trim() is { Length: > 3 } address && address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && address.IndexOf('.', at) > at + 1 && !address.EndsWith('.') && !address.Contains(' ', StringComparison.Ordinal);
}
