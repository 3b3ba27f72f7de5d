using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace LeadSens.Server.Web;

/// <summary>What of a client's address counts as one client: an IPv4 address, or the /64 that an IPv6 provider gives to one customer.</summary>
internal static class ClientAddress
{
    /// <summary>Without an address (a Unix socket) all are one.</summary>
    public static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null) return 0;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork ? BinaryPrimitives.ReadUInt32BigEndian(bytes) + (UInt128)1 : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), 1);
    }
}
