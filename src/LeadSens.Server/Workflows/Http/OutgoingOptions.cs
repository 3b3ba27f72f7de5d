using System.ComponentModel.DataAnnotations;
using System.Net;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Where the requests of workflows may go, and how much of the answers is taken (configuration section <c>Workflows:Http</c>).</summary>
internal sealed class OutgoingOptions : IValidatableObject
{
    public const string Section = "Workflows:Http";

    /// <summary>Networks beside the public internet, for example <c>10.1.0.0/16</c>.</summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>Hosts that may be called whatever their address is, for example <c>crm.intranet</c>.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>From sending a request to the end of its answer, redirects included.</summary>
    [Range(0.05, 600)]
    public double TimeoutSeconds { get; set; } = 30;

    /// <summary>An answer becomes a part of the run's state, which is written with each commit.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int MaxResponseBytes { get; set; } = 1024 * 1024;

    /// <summary>How many redirects are followed; zero: a redirect is the answer.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>How often a request whose box asks for it is sent again.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 3;

    /// <summary>The wait before the first repetition; it doubles with each.</summary>
    [Range(1, 60_000)]
    public int RetryDelayMilliseconds { get; set; } = 500;

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in AllowedNetworks)
        {
            if (!IPNetwork.TryParse(network, out _)) yield return new($"Workflows__Http__AllowedNetworks: '{network}' is no network; give an address and a length, for example 10.1.0.0/16", [nameof(AllowedNetworks)]);
        }

        foreach (var host in AllowedHosts)
        {
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown) yield return new($"Workflows__Http__AllowedHosts: '{host}' is no host name; give it without scheme and port", [nameof(AllowedHosts)]);
        }
    }
}
