using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Connections.Providers.Jina;

internal sealed class JinaOptions : ProviderOptions
{
    public const string Name = "jina";

    public string? ApiKey { get; set; }

    /// <summary>Uses the vendor's free service without a key, at its lower limit.</summary>
    public bool Keyless { get; set; }

    public override string Provider => Name;
    public override string Section => "Jina";
    public override string SecretName => nameof(ApiKey);
    public override string? Secret => ApiKey;
    public override string DefaultBaseUrl => "https://r.jina.ai";

    [Range(0.05, 180)]
    public override double TimeoutSeconds { get; set; } = 15;

    public override bool IsConfigured => base.IsConfigured || Keyless;

    /// <summary>20 a minute without a key, 500 with one; both with a margin for what a window's edge lets through.</summary>
    public override AccountLimits PublishedLimits => string.IsNullOrWhiteSpace(ApiKey)
        ? new() { RequestsPerMinute = 18, Burst = 2, Concurrency = 3 }
        : new() { RequestsPerMinute = 480, Burst = 10, Concurrency = 20 };
}
