using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Finds the addresses of a host.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancellationToken);

/// <summary>The host of a request, or one of its addresses, is not allowed.</summary>
internal sealed class AddressRefusedException(string host)
    : IOException($"'{host}' is not in the public internet. Whoever runs this service can allow it by Workflows__Http__AllowedHosts or Workflows__Http__AllowedNetworks.");

/// <summary>Connects to addresses that it has checked, and to no others: what a name resolves to later does not matter.</summary>
internal sealed class CheckedConnection(IOptions<OutgoingOptions> options, ResolveHost resolve)
{
    private readonly IPNetwork[] _networks = [.. options.Value.AllowedNetworks.Select(network => IPNetwork.Parse(network))];

    /// <exception cref="AddressRefusedException">One of the host's addresses is not allowed.</exception>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken);
        // A name that leads into a private network as well as out of it is a trap, or a mistake.
        if (!Array.TrueForAll(addresses, address => IsAllowed(host, address))) throw new AddressRefusedException(host);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(string host, IPAddress address) =>
        PublicAddress.IsPublic(address)
        || Array.Exists(_networks, network => network.Contains(PublicAddress.Plain(address)))
        || options.Value.AllowedHosts.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase);
}
