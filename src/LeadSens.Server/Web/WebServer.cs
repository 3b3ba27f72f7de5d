using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>The server's own limits: what it takes before a line of ours runs.</summary>
internal sealed class WebServer(IOptions<WebOptions> options, ConnectionTurns turns) : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection => turns.InvokeAsync(connection, next)));
        if (Readable() is not { } web) return;
        var (limits, slowest) = (kestrel.Limits, new MinDataRate(web.MinBytesPerSecond, TimeSpan.FromSeconds(web.GraceSeconds)));
        limits.MaxRequestBodySize = web.MaxRequestBytes;
        limits.MaxConcurrentConnections = limits.MaxConcurrentUpgradedConnections = web.MaxConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(web.HeaderSeconds);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(web.IdleSeconds);
        (limits.MinRequestBodyDataRate, limits.MinResponseDataRate) = (slowest, slowest);
    }

    /// <summary>However long the row of proxies is: it is believed as far as each of them is known.</summary>
    public void Configure(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in options.Value.KnownProxies.Select(WebOptionsRules.Network).OfType<System.Net.IPNetwork>()) forwarded.KnownIPNetworks.Add(network);
    }

    /// <summary>Null where something is wrong with them: the server is made before the settings are checked, and the check lists it all.</summary>
    private WebOptions? Readable()
    {
        try
        {
            return options.Value;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
