using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace LeadSens.Server.Identity;

/// <summary>Time-based one-time passwords: RFC 6238 with what authenticator apps take for granted, HMAC-SHA-1, six digits, steps of 30 seconds.
/// What breaks SHA-1 are collisions, which give nothing against HMAC.</summary>
internal static class Totp
{
    public const int SecretBytes = 20, Digits = 6, StepSeconds = 30;

    /// <summary>Steps before and after the present one that are taken too, for clocks that differ (RFC 6238, 5.2).</summary>
    private const int Drift = 1;

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    public static string CodeOf(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        CryptographicOperations.HmacData(HashAlgorithmName.SHA1, secret, counter, hash);
        var truncated = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (truncated % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step that a code belongs to; null for a code of no step near this time. Takes the same time whichever it is.</summary>
    public static long? StepOf(byte[] secret, string code, DateTimeOffset time)
    {
        long? found = null;
        var now = StepAt(time);
        for (var step = now - Drift; step <= now + Drift; step++)
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(CodeOf(secret, step)), System.Text.Encoding.UTF8.GetBytes(code)))
                found = step;
        return found;
    }
}
