using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Operations;

/// <summary>The address under which people reach this service.</summary>
internal sealed class PublicAddress(IOptions<LeadSensOptions> options, IServer server)
{
    /// <summary>Without a slash at the end.</summary>
    public string Url => (options.Value.PublicUrl ?? Listening ?? "http://localhost").TrimEnd('/');

    /// <summary>Where the service listens once it does; null under a test host, which listens nowhere.</summary>
    public string? Listening => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
}
