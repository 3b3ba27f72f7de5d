namespace LeadSens.Sandbox.Data;

/// <summary>Whom a search looks for. An empty list asks for nothing.</summary>
/// <param name="Other">What else the search names; it only tells one search from another.</param>
internal sealed record Target(string[] Titles, string[] Industries, string[] Countries, string[] Sizes, string Other)
{
    public static readonly Target Anyone = new([], [], [], [], "");

    public string Key { get; } = string.Join('\n', Join(Titles), Join(Industries), Join(Countries), Join(Sizes), Other).ToLowerInvariant();

    private static string Join(string[] values) => string.Join('|', values);
}
