using System.Globalization;
using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>Search: groups of filters are alternatives, the filters of a group hold together.</summary>
internal sealed class ContactSearch(Contacts contacts)
{
    private const int LargestPage = 200;

    public Reply Answer(Call call)
    {
        using var body = JsonReading.Object(call.Body);
        if (body is null)
        {
            return HubSpotErrors.Invalid("Invalid input JSON");
        }

        var request = body.RootElement;
        if ((request.Number("limit") ?? 10) is not (>= 1 and <= LargestPage and var limit))
        {
            return HubSpotErrors.Invalid($"The limit must be between 1 and {LargestPage}");
        }

        var groups = request.Items("filterGroups").ToList();
        var found = contacts.All(call.ReadLag).Where(contact => (groups.Count == 0 || groups.Any(group => Fits(group, contact))) && Has(contact, request.Text("query"))).ToList();
        var start = int.TryParse(request.Text("after"), CultureInfo.InvariantCulture, out var after) ? after : 0;
        var end = Math.Min(found.Count, start + limit);
        var properties = request.Texts("properties");
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total", found.Count);
            json.WriteStartArray("results");
            for (var i = start; i < end; i++)
            {
                ContactJson.Write(json, found[i], properties);
            }

            json.WriteEndArray();
            if (end < found.Count)
            {
                json.WriteStartObject("paging");
                json.WriteStartObject("next");
                json.WriteString("after", end.ToString(CultureInfo.InvariantCulture));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    private static bool Fits(JsonElement group, Contact contact) => group.Items("filters").All(filter =>
    {
        var actual = contact.Properties.GetValueOrDefault(filter.Text("propertyName") ?? "");
        var wanted = filter.Text("value") ?? "";
        return filter.Text("operator") switch
        {
            "EQ" => Same(actual, wanted),
            "NEQ" => !Same(actual, wanted),
            "IN" => filter.Texts("values").Any(value => Same(actual, value)),
            "NOT_IN" => !filter.Texts("values").Any(value => Same(actual, value)),
            "HAS_PROPERTY" => actual is { Length: > 0 },
            "NOT_HAS_PROPERTY" => actual is not { Length: > 0 },
            "CONTAINS_TOKEN" => actual?.Contains(wanted.Trim('*'), StringComparison.OrdinalIgnoreCase) == true,
            "NOT_CONTAINS_TOKEN" => actual?.Contains(wanted.Trim('*'), StringComparison.OrdinalIgnoreCase) != true,
            _ => false,
        };
    });

    private static bool Has(Contact contact, string? query) =>
        query is null || contact.Properties.Values.Any(value => value.Contains(query, StringComparison.OrdinalIgnoreCase));

    private static bool Same(string? actual, string wanted) => string.Equals(actual, wanted, StringComparison.OrdinalIgnoreCase);
}
