using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>HubSpot's signature v3: the HMAC-SHA256, under the app's client secret, of the method, the whole address, the body as it came and the time, in base64. What is older
/// or newer than five minutes is refused, so that a call that somebody recorded is worth nothing later.</summary>
internal static partial class HubSpotSignature
{
    public const string SignatureHeader = "X-HubSpot-Signature-v3", TimestampHeader = "X-HubSpot-Request-Timestamp";

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int HashBytes = 32;

    /// <param name="address">Scheme, public host, path and query, as the caller wrote them.</param>
    public static bool Holds(string secret, string method, string address, ReadOnlySpan<byte> body, string? timestamp, string? signature, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) || Math.Abs((double)now.ToUnixTimeMilliseconds() - sent) > Window.TotalMilliseconds) return false;
        Span<byte> given = stackalloc byte[HashBytes];
        return signature is { Length: 44 } && Convert.TryFromBase64String(signature, given, out var length) && length == HashBytes
            && CryptographicOperations.FixedTimeEquals(given, Code(secret, method, address, body, timestamp!));
    }

    public static byte[] Code(string secret, string method, string address, ReadOnlySpan<byte> body, string timestamp)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(method + Decoded(address)));
        hmac.AppendData(body);
        hmac.AppendData(Encoding.UTF8.GetBytes(timestamp));
        return hmac.GetHashAndReset();
    }

    /// <summary>HubSpot decodes these signs of the address before it signs, and no others.</summary>
    private static string Decoded(string address) => Decodable().Replace(address, part => ((char)Convert.ToByte(part.Value[1..], 16)).ToString());

    [GeneratedRegex("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex Decodable();
}
