using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace LeadSens.Server.Secrets;

/// <summary>Seals what is stored with AES-256-GCM. The envelope is the version (1 byte), the key's id (8), a random nonce (12), the ciphertext and
/// the tag (16). Version, key id and context are authenticated with it, so that no envelope opens in another's place.</summary>
/// <param name="retired">Previous keys open until a rotation has sealed everything again, and nothing afterwards.</param>
internal sealed class SecretBox(MasterKeys keys, RetiredKeys retired)
{
    public const int Overhead = Header + Nonce + Tag;
    public const byte FirstVersion = 1;

    private const int Header = 1 + MasterKey.IdBytes;
    private const int Nonce = 12;
    private const int Tag = 16;

    private readonly ConcurrentDictionary<MasterKey, byte[]> _derived = new();

    public SecretBox(MasterKeys keys) : this(keys, new()) { }

    /// <param name="context">Names the place of the value: see <see cref="SealedColumn.ContextOf"/>.</param>
    /// <param name="version">Of the context: <see cref="SealedColumn.Version"/>.</param>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, string context, byte version = FirstVersion)
    {
        var envelope = new byte[Overhead + plaintext.Length];
        envelope[0] = version;
        keys.Current.Id.CopyTo(envelope, 1);
        var nonce = envelope.AsSpan(Header, Nonce);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(KeyOf(keys.Current), Tag);
        cipher.Encrypt(nonce, plaintext, envelope.AsSpan(Header + Nonce, plaintext.Length), envelope.AsSpan(^Tag..), Associated(envelope, context));
        return envelope;
    }

    /// <exception cref="SealBrokenException">It was sealed with a key that is not here or was replaced, for another place, or changed since.</exception>
    public byte[] Open(byte[] envelope, string context, byte version = FirstVersion)
    {
        if (envelope.Length < Overhead || envelope[0] != version) throw new SealBrokenException("is no sealed value of a version that is known here", context);
        var key = keys.WithId(KeyId(envelope)) ?? throw new SealBrokenException($"was sealed with the key {KeyOf(envelope)}, which is not configured", context);
        if (retired.IsClosed(key)) throw new SealBrokenException($"was sealed with the key {key}, which was replaced", context);
        var plaintext = new byte[envelope.Length - Overhead];
        try
        {
            using var cipher = new AesGcm(KeyOf(key), Tag);
            cipher.Decrypt(envelope.AsSpan(Header, Nonce), envelope.AsSpan(Header + Nonce, plaintext.Length), envelope.AsSpan(^Tag..), plaintext, Associated(envelope, context));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealBrokenException("was changed, or sealed for another place", context);
        }
    }

    /// <summary>At the place that these keys name, in the order of <see cref="SealedColumn.Keys"/>.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, SealedColumn column, params ReadOnlySpan<string> keys) => Seal(plaintext, column.ContextOf(keys), column.Version);

    /// <inheritdoc cref="Open(byte[], string, byte)"/>
    public byte[] Open(byte[] envelope, SealedColumn column, params ReadOnlySpan<string> keys) => Open(envelope, column.ContextOf(keys), column.Version);

    /// <summary>Whether the key that seals today sealed it.</summary>
    public bool IsCurrent(byte[] envelope) => envelope.Length >= Overhead && KeyId(envelope).SequenceEqual(keys.Current.Id);

    /// <summary>The id of the key that sealed it.</summary>
    public static string KeyOf(byte[] envelope) => Convert.ToHexStringLower(KeyId(envelope));

    private byte[] KeyOf(MasterKey key) => _derived.GetOrAdd(key, static key => key.Derive("leadsens-sealed-1"));

    private static ReadOnlySpan<byte> KeyId(byte[] envelope) => envelope.AsSpan(1, MasterKey.IdBytes);

    private static byte[] Associated(byte[] envelope, string context) => [.. envelope.AsSpan(0, Header), .. Encoding.UTF8.GetBytes(context)];
}
