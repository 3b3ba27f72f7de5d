using System.Net;
using System.Net.Sockets;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Tells addresses of the public internet from those of this machine, of private networks and of other special use (IANA's registries).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. from network in new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Azure answers its machines here, with an address that looks public.
            "168.63.129.16/32",
            // Teredo and the other protocol assignments, documentation, 6to4, documentation.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }
        select IPNetwork.Parse(network),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        var plain = Plain(address);
        return (plain.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(plain)) && !Array.Exists(Special, network => network.Contains(plain));
    }

    /// <summary>The IPv4 address that an IPv6 form of it leads to.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var unscoped = address.ScopeId == 0 ? address : new IPAddress(address.GetAddressBytes());
        return Translated.Contains(unscoped) ? new IPAddress(unscoped.GetAddressBytes().AsSpan(12)) : unscoped;
    }
}
