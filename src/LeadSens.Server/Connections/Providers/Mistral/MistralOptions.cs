using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Connections.Providers.Mistral;

internal sealed class MistralOptions : ProviderOptions
{
    public const string Name = "mistral";

    public string? ApiKey { get; set; }

    public override string Provider => Name;
    public override string Section => "Mistral";
    public override string SecretName => nameof(ApiKey);
    public override string? Secret => ApiKey;
    public override string DefaultBaseUrl => "https://api.mistral.ai";

    [Range(0.05, 600)]
    public override double TimeoutSeconds { get; set; } = 60;

    /// <summary>Sequences that one node writes at the same time: each is up to six calls of the large model.</summary>
    [Range(1, 128)]
    public int DraftConcurrency { get; set; } = 5;

    /// <summary>A local server that speaks the same API (Ollama, vLLM) needs an address and no key.</summary>
    public override bool IsConfigured => base.IsConfigured || !string.IsNullOrWhiteSpace(BaseUrl);

    /// <summary>Mistral's limits depend on the workspace's tier and are shown in its console only; this one holds on the paid tiers.</summary>
    public override AccountLimits PublishedLimits => new() { RequestsPerSecond = 5 };
}
