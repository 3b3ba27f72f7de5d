namespace LeadSens.Server.Connections;

/// <summary>The providers' names as they stand in account keys, configuration, paths of the Sandbox and messages.</summary>
internal static class ProviderNames
{
    public const string Instantly = "instantly";
    public const string HubSpot = "hubspot";
    public const string Mistral = "mistral";
    public const string Jina = "jina";

    public static readonly IReadOnlyList<string> All = [Instantly, HubSpot, Mistral, Jina];

    /// <summary>For people.</summary>
    public static string Title(string provider) => provider switch
    {
        Instantly => "Instantly",
        HubSpot => "HubSpot",
        Mistral => "Mistral",
        Jina => "Jina",
        _ => provider,
    };
}
