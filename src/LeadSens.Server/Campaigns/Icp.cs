using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Api;

namespace LeadSens.Server.Campaigns;

/// <summary>Whom a campaign wants to reach. An empty list leaves that dimension open.</summary>
internal sealed record Icp(
    [property: Multiline] string? Description, IReadOnlyList<string>? JobTitles, IReadOnlyList<string>? Industries, IReadOnlyList<string>? Countries, IReadOnlyList<string>? CompanySizes)
{
    /// <summary>The same with lists that are never null and texts that are trimmed.</summary>
    public Icp Normalised() => new(Description?.Trim() ?? "", Tidy(JobTitles), Tidy(Industries), Tidy(Countries), Tidy(CompanySizes));

    /// <summary>Whether it says anything about whom to reach.</summary>
    [JsonIgnore]
    public bool IsEmpty => string.IsNullOrWhiteSpace(Description) && Lists.All(list => list.Values is null or { Count: 0 });

    /// <summary>The lists by the name of their field.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Field, IReadOnlyList<string>? Values)> Lists =>
        [("jobTitles", JobTitles), ("industries", Industries), ("countries", Countries), ("companySizes", CompanySizes)];

    private static List<string> Tidy(IReadOnlyList<string>? values) => [.. (values ?? []).Select(value => value.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Icp))]
internal sealed partial class IcpJson : JsonSerializerContext;
