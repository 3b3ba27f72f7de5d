using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary>Reads <c>search_filters</c> as SuperSearch takes it. Unknown keys are ignored there too; wrong types are refused.</summary>
internal static class SearchFilters
{
    private static readonly string[] Bands = ["0 - 25", "25 - 100", "100 - 250", "250 - 1000", "1K - 10K", "10K - 50K", "50K - 100K", "> 100K"];
    private static readonly string[] Objects = ["title", "industry", "subIndustry", "company_name", "keyword_filter"];
    private static readonly string[] Lists = ["employeeCount", "level", "department", "name", "domains", "technologies", "revenue", "funding_type", "news", "jobListing", "signals"];

    /// <returns>What is wrong, in the vendor's words; null when the filters can be searched.</returns>
    public static string? Read(JsonElement body, out Target target)
    {
        target = Target.Anyone;
        if (body.Member("search_filters") is not { ValueKind: JsonValueKind.Object } filters)
        {
            return "body must have required property 'search_filters'";
        }

        if (Mistake(filters) is { } mistake)
        {
            return mistake;
        }

        var keywords = Words(filters, "keyword_filter");
        string[] industries = [.. Words(filters, "industry"), .. Words(filters, "subIndustry")];
        target = new Target(
            Words(filters, "title"),
            industries.Length > 0 ? industries : keywords,
            [.. Places(filters)],
            [.. filters.Items("employeeCount").Select(Size)],
            string.Join('|', [.. keywords, .. filters.Texts("level"), .. filters.Texts("department"), .. filters.Texts("domains"), .. filters.Texts("technologies"), .. Words(filters, "company_name")]));
        return null;
    }

    private static string? Mistake(JsonElement filters)
    {
        foreach (var name in Objects)
        {
            if (filters.Member(name) is { ValueKind: not JsonValueKind.Object })
            {
                return $"body/search_filters/{name} must be object";
            }
        }

        foreach (var name in Lists)
        {
            if (filters.Member(name) is { ValueKind: not JsonValueKind.Array })
            {
                return $"body/search_filters/{name} must be array";
            }
        }

        return filters.Items("employeeCount").Any(size => size.ValueKind is JsonValueKind.String && !Bands.Contains(size.GetString()))
            ? "body/search_filters/employeeCount must be equal to one of the allowed values"
            : null;
    }

    /// <summary><c>{include: […]}</c>, or <c>{include: "a, b"}</c> for keywords.</summary>
    private static string[] Words(JsonElement filters, string name)
    {
        if (filters.Member(name) is not { } filter)
        {
            return [];
        }

        return filter.Text("include") is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : filter.Texts("include");
    }

    private static IEnumerable<string> Places(JsonElement filters)
    {
        var places = filters.Member("locations") is { ValueKind: JsonValueKind.Array } ? filters.Items("locations")
            : filters.Member("locations") is { } locations ? locations.Items("include") : [];
        foreach (var place in places)
        {
            var text = place.ValueKind is JsonValueKind.String ? place.GetString() : place.Text("country") ?? place.Text("label");
            if (text?.Split(',')[^1].Trim() is { Length: > 0 } country)
            {
                yield return country;
            }
        }
    }

    private static string Size(JsonElement size) => size.ValueKind is JsonValueKind.String
        ? size.GetString()!
        : $"{size.Number("min") ?? 0} - {size.Number("max") ?? 1_000_000}";
}
