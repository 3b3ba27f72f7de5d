using System.Globalization;

namespace LeadSens.Server.Workflows;

/// <summary>Which versions of a definition are meant, in Elsa's words: Latest, Published, a number, …</summary>
internal readonly record struct VersionOptions(string Name, int Number)
{
    public static VersionOptions All { get; } = new("AllVersions", 0);

    public static VersionOptions Latest { get; } = new("Latest", 0);

    public static VersionOptions Published { get; } = new("Published", 0);

    /// <summary>False when the text is none of the words. Nothing means <paramref name="otherwise"/>.</summary>
    public static bool TryParse(string? text, VersionOptions otherwise, out VersionOptions options)
    {
        var name = text?.Trim() ?? "";
        options = name.Length == 0 ? otherwise
            : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Version(number)
            : new(name, 0);
        return options.Condition("0") is not null;
    }

    public static VersionOptions Version(int number) => new("Version", number);

    /// <summary>The condition on columns of <c>workflow_definitions_of</c>.</summary>
    /// <param name="parameter">The parameter that carries <see cref="Number"/>.</param>
    public string Sql(string parameter) => Condition(parameter) ?? throw new InvalidOperationException($"'{Name}' was not parsed.");

    private string? Condition(string number)
    {
        // The parameter is named in every condition, so that it always has a type.
        var used = $"{number}::int is not null";
        return (Name ?? "").ToUpperInvariant() switch
        {
            "ALLVERSIONS" => used,
            "DRAFT" => $"{used} and latest and not published",
            "LATEST" => $"{used} and latest",
            "PUBLISHED" => $"{used} and published",
            "LATESTORPUBLISHED" => $"{used} and (latest or published)",
            "LATESTANDPUBLISHED" => $"{used} and latest and published",
            "VERSION" => $"version = {number}::int",
            _ => null,
        };
    }
}
