using LeadSens.Server.Api;
using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>Takes requests for the public address's host and, outside production, for this machine. A made-up Host header would stand in links
/// and redirects, and is how a page of somebody else reaches a service on loopback. Probes of a load balancer name an address and come through.</summary>
internal sealed class Hosts(RequestDelegate next, IOptions<WebOptions> web, IOptions<LeadSensOptions> settings, IHostEnvironment environment)
{
    private readonly HashSet<string> names = new(
        [
            .. web.Value.AllowedHosts,
            .. Uri.TryCreate(settings.Value.PublicUrl, UriKind.Absolute, out var address) ? [address.Host] : (string[])[],
            .. environment.IsProduction() ? [] : (string[])["localhost", "127.0.0.1", "[::1]"],
        ], StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context) =>
        names.Contains(context.Request.Host.Host) || context.Request.Path.StartsWithSegments("/health")
            ? next(context)
            : Problems.Of(StatusCodes.Status400BadRequest, "host_unknown", "This service does not answer to that name.", "LeadSens__PublicUrl and Web__AllowedHosts say which it has.").ExecuteAsync(context);
}
