using System.Text.Json.Serialization;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>SuperSearch filters, with the vendor's own mixed casing. Instantly ignores keys that it does not know, so only these are sent.</summary>
internal sealed record SearchFilters
{
    [JsonPropertyName("title")]
    public IncludeExclude? Title { get; init; }

    [JsonPropertyName("locations")]
    public LocationFilter? Locations { get; init; }

    /// <summary>Of <see cref="EmployeeRanges"/>.</summary>
    [JsonPropertyName("employeeCount")]
    public IReadOnlyList<string>? EmployeeCount { get; init; }

    [JsonPropertyName("industry")]
    public IncludeExclude? Industry { get; init; }

    [JsonPropertyName("keyword_filter")]
    public KeywordFilter? Keywords { get; init; }

    [JsonPropertyName("company_name")]
    public IncludeExclude? CompanyName { get; init; }

    [JsonPropertyName("domains")]
    public IReadOnlyList<string>? Domains { get; init; }

    [JsonPropertyName("level")]
    public IReadOnlyList<string>? Level { get; init; }

    [JsonPropertyName("department")]
    public IReadOnlyList<string>? Department { get; init; }

    [JsonPropertyName("skip_owned_leads")]
    public bool? SkipOwnedLeads { get; init; }

    [JsonPropertyName("show_one_lead_per_company")]
    public bool? OneLeadPerCompany { get; init; }

    /// <summary>The sizes that SuperSearch knows, smallest first.</summary>
    public static readonly IReadOnlyList<string> EmployeeRanges =
        ["0 - 25", "25 - 100", "100 - 250", "250 - 1000", "1K - 10K", "10K - 50K", "50K - 100K", "> 100K"];
}

internal sealed record IncludeExclude(
    [property: JsonPropertyName("include")] IReadOnlyList<string> Include,
    [property: JsonPropertyName("exclude")] IReadOnlyList<string>? Exclude = null);

internal sealed record LocationFilter(
    [property: JsonPropertyName("include")] IReadOnlyList<SearchLocation> Include,
    [property: JsonPropertyName("exclude")] IReadOnlyList<SearchLocation>? Exclude = null);

internal sealed record SearchLocation(
    [property: JsonPropertyName("country")] string Country,
    [property: JsonPropertyName("state")] string? State = null,
    [property: JsonPropertyName("city")] string? City = null);

/// <summary>Words are one text each, not lists.</summary>
internal sealed record KeywordFilter(
    [property: JsonPropertyName("include")] string Include,
    [property: JsonPropertyName("exclude")] string? Exclude = null,
    [property: JsonPropertyName("include_mode")] string IncludeMode = "ANY");
