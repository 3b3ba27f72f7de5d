namespace LeadSens.Server.Workflows;

/// <summary>Which versions to list, and how.</summary>
internal sealed record DefinitionFilter(VersionOptions Versions)
{
    public string? Search { get; init; }

    public bool? IsSystem { get; init; }

    /// <summary>Empty: all.</summary>
    public string[] DefinitionIds { get; init; } = [];

    /// <summary>Version ids; empty: all.</summary>
    public string[] Ids { get; init; } = [];

    /// <summary>Name, Version, or else when it was created.</summary>
    public string? OrderBy { get; init; }

    public bool? Descending { get; init; }

    public int Skip { get; init; }

    public int Take { get; init; } = int.MaxValue;

    /// <summary>The condition; the workspace is $1.</summary>
    public string Where => $"""
        {Versions.Sql("$2")} and ($3::text is null or concat_ws(' ', name, description, definition_id, version_id) ilike $3) and ($4::boolean is null or is_system = $4)
        and (cardinality($5::text[]) = 0 or definition_id = any($5)) and (cardinality($6::text[]) = 0 or version_id = any($6))
        """;

    public string Order
    {
        get
        {
            var (column, descending) = OrderBy?.ToUpperInvariant() switch
            {
                null or "" or "NAME" => ("lower(name)", Descending ?? false),
                "VERSION" => ("version", Descending ?? true),
                _ => ("created_at", Descending ?? true),
            };
            return $"{column} {(descending ? "desc" : "asc")}, definition_id, version desc";
        }
    }

    public object?[] Values => [Versions.Number, Pattern, IsSystem, DefinitionIds, Ids, Take, Skip];

    /// <summary>The text anywhere, taken literally.</summary>
    private string? Pattern => string.IsNullOrWhiteSpace(Search)
        ? null
        : $"%{Search.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
