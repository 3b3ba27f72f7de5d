namespace LeadSens.Server.Connections.Providers.Instantly;

internal sealed class InstantlyOptions : ProviderOptions
{
    public string? ApiKey { get; set; }

    public override string Provider => ProviderNames.Instantly;
    public override string Section => "Instantly";
    public override string SecretName => nameof(ApiKey);
    public override string? Secret => ApiKey;
    public override string DefaultBaseUrl => "https://api.instantly.ai";

    /// <summary>Per workspace, all its keys together.</summary>
    public override AccountLimits PublishedLimits => new() { RequestsPerSecond = 100, RequestsPerMinute = 6_000 };
}
