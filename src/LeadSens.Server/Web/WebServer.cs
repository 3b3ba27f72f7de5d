using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>The server's own limits: what it takes before a line of ours runs.</summary>
internal sealed class WebServer(IOptions<WebOptions> options) : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<ForwardedHeadersOptions>
{
    private WebOptions Web => options.Value;

    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var (limits, slowest) = (kestrel.Limits, new MinDataRate(Web.MinBytesPerSecond, TimeSpan.FromSeconds(Web.GraceSeconds)));
        limits.MaxRequestBodySize = Web.MaxRequestBytes;
        limits.MaxConcurrentConnections = limits.MaxConcurrentUpgradedConnections = Web.MaxConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(Web.HeaderSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(Web.IdleSeconds);
        (limits.MinRequestBodyDataRate, limits.MinResponseDataRate) = (slowest, slowest);
    }

    /// <summary>However long the row of proxies is: it is believed as far as each of them is known.</summary>
    public void Configure(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in Web.KnownProxies.Select(WebOptionsRules.Network).OfType<System.Net.IPNetwork>()) forwarded.KnownIPNetworks.Add(network);
    }
}
