using System.Net;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>Everything that is wrong with the section <c>Web</c>, in the names of the environment variables that set it, with an example of what is right.</summary>
internal sealed class WebOptionsRules : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var faults = Lists(options).Concat(Numbers(options)).Concat(Limits(options.Limits)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>An address or a network: 10.0.0.7, 10.0.0.0/16, fd00::/8.</summary>
    public static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network : IPAddress.TryParse(text, out var one) ? new(one, one.GetAddressBytes().Length * 8) : null;

    private static IEnumerable<string> Lists(WebOptions options) =>
    [
        .. Wrong(options.AllowedOrigins, IsOrigin, nameof(WebOptions.AllowedOrigins), "is not an origin such as https://app.example.com (scheme, host, port; no path, no *)"),
        .. Wrong(options.AllowedHosts, IsHost, nameof(WebOptions.AllowedHosts), "is not a host name such as leads.example.com (no scheme, no port, no *)"),
        .. Wrong(options.KnownProxies, text => Network(text) is not null, nameof(WebOptions.KnownProxies), "is not an address or network such as 10.0.0.7 or 10.0.0.0/16"),
    ];

    private static IEnumerable<string> Wrong(string[] values, Func<string, bool> isRight, string name, string what) =>
        values.Index().Where(value => !isRight(value.Item)).Select(value => $"{WebOptions.Section}__{name}__{value.Index} {what}");

    private static IEnumerable<string> Numbers(WebOptions options)
    {
        if (options.MaxRequestBytes is < 1024 or > 1024 * 1024 * 1024) yield return Number(nameof(options.MaxRequestBytes), "1024 to 1073741824", "1048576");
        if (options.MaxConnections is < 10 or > 1_000_000) yield return Number(nameof(options.MaxConnections), "10 to 1000000", "10000");
        if (options.HeaderSeconds is not (>= 0.1 and <= 600)) yield return Number(nameof(options.HeaderSeconds), "0.1 to 600", "15");
        if (options.IdleSeconds is not (>= 0.1 and <= 3600)) yield return Number(nameof(options.IdleSeconds), "0.1 to 3600", "130");
        if (options.GraceSeconds is not (> 1 and <= 600)) yield return Number(nameof(options.GraceSeconds), "more than 1, at most 600", "5");
        if (options.MinBytesPerSecond is < 1 or > 1024 * 1024) yield return Number(nameof(options.MinBytesPerSecond), "1 to 1048576", "240");
        if (options.PasswordQueue is < 1 or > 10_000) yield return Number(nameof(options.PasswordQueue), "1 to 10000", "64");
        if (options.AccessCacheSeconds is < 0 or > 300) yield return Number(nameof(options.AccessCacheSeconds), "0 to 300", "30");
    }

    private static IEnumerable<string> Limits(RateOptions limits)
    {
        foreach (var (name, rate) in limits.All)
        {
            if (rate.Burst is < 1 or > 100_000_000) yield return Number($"Limits__{name}__{nameof(Rate.Burst)}", "1 to 100000000", "60");
            if (rate.PerMinute is < 1 or > 100_000_000) yield return Number($"Limits__{name}__{nameof(Rate.PerMinute)}", "1 to 100000000", "30");
        }
        if (limits.Remembered is < 100 or > 10_000_000) yield return Number("Limits__Remembered", "100 to 10000000", "50000");
    }

    private static string Number(string name, string range, string example) => $"{WebOptions.Section}__{name} is not in its range, {range}; for example {example}";

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);

    private static bool IsHost(string text) => Uri.CheckHostName(text.Trim('[', ']')) is not (UriHostNameType.Unknown or UriHostNameType.Basic);
}
