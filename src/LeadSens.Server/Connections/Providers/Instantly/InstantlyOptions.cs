using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Connections.Providers.Instantly;

internal sealed class InstantlyOptions : ProviderOptions
{
    public const string Name = "instantly";

    public string? ApiKey { get; set; }

    /// <summary>How long a list that was bought may take to fill; then the campaign goes on with what is in it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan FillTime { get; set; } = TimeSpan.FromHours(6);

    public override string Provider => Name;
    public override string Section => "Instantly";
    public override string SecretName => nameof(ApiKey);
    public override string? Secret => ApiKey;
    public override string DefaultBaseUrl => "https://api.instantly.ai";

    /// <summary>Per workspace, all its keys together.</summary>
    public override AccountLimits PublishedLimits => new() { RequestsPerSecond = 100, RequestsPerMinute = 6_000 };
}
