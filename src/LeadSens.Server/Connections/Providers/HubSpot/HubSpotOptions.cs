namespace LeadSens.Server.Connections.Providers.HubSpot;

internal sealed class HubSpotOptions : ProviderOptions
{
    public string? AccessToken { get; set; }

    public override string Provider => ProviderNames.HubSpot;
    public override string Section => "HubSpot";
    public override string SecretName => nameof(AccessToken);
    public override string? Secret => AccessToken;
    public override string DefaultBaseUrl => "https://api.hubapi.com";

    /// <summary>100 calls in any ten seconds: a burst of ten and nine a second stay inside every window.</summary>
    public override AccountLimits PublishedLimits => new() { RequestsPerSecond = 9, Burst = 10 };
}
