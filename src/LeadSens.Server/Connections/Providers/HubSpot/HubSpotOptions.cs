namespace LeadSens.Server.Connections.Providers.HubSpot;

internal sealed class HubSpotOptions : ProviderOptions
{
    public const string Name = "hubspot";

    /// <summary>Of a private app: the installation's own account.</summary>
    public string? AccessToken { get; set; }

    /// <summary>The public app with which workspaces connect their accounts.</summary>
    public string? ClientId { get; set; }

    /// <summary>Alone it is of an app whose events are taken and whose accounts nobody connects here.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The page on which people let the app in.</summary>
    public string AuthorizeUrl { get; set; } = "https://app.hubspot.com/oauth/authorize";

    public override string Provider => Name;
    public override string Section => "HubSpot";
    public override string SecretName => nameof(AccessToken);
    public override string? Secret => AccessToken;
    public override string DefaultBaseUrl => "https://api.hubapi.com";

    /// <summary>100 calls in any ten seconds: a burst of ten and nine a second stay inside every window.</summary>
    public override AccountLimits PublishedLimits => new() { RequestsPerSecond = 9, Burst = 10 };

    public override bool IsOptional => !string.IsNullOrWhiteSpace(ClientId);

    protected override IEnumerable<string> More(bool production)
    {
        if (!string.IsNullOrWhiteSpace(ClientId) && string.IsNullOrWhiteSpace(ClientSecret)) yield return "HubSpot__ClientSecret is missing: HubSpot__ClientId is of no use without it";
        if (!IsAllowedBase(AuthorizeUrl, production)) yield return "HubSpot__AuthorizeUrl is not an https:// address without user, query and fragment";
    }
}
