using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace LeadSens.Sandbox.Control;

/// <summary>Where a running Sandbox listens; known once it does.</summary>
internal sealed class Ports(IServer server)
{
    /// <summary>The mail server's, which is bound after that of HTTP.</summary>
    public int Smtp => new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last()).Port;
}
