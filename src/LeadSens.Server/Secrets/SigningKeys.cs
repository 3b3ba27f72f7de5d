using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LeadSens.Server.Secrets;

/// <summary>What signing keys are for. The texts go into the derivation, so they never change.</summary>
internal static class SigningUse
{
    public const string Receipts = "leadsens-receipts";
    public const string Links = "leadsens-workflow-links-1";
    public const string Exports = "leadsens-instances";

    public const string Audit = "leadsens-audit-1";

    public static readonly IReadOnlyList<string> All = [Receipts, Links, Exports, Audit];

    /// <summary>Those whose signatures outlive a rotation: they say what was, and open nothing.</summary>
    public static readonly IReadOnlyList<string> Lasting = [Receipts, Audit];
}

/// <summary>HMAC-SHA256 keys, one for each use. What a replaced master key signed of what was still verifies: with the configured previous keys,
/// and after those are gone with the keys that a rotation kept under seal. What opens something (links, exports) verifies with a previous key only until a rotation retired it.</summary>
internal sealed class SigningKeys(MasterKeys keys, RetiredKeys retired)
{
    private readonly ConcurrentDictionary<string, byte[]> _current = new();
    private readonly ConcurrentDictionary<string, (MasterKey Master, byte[] Key)[]> _previous = new();

    public byte[] Current(string use) => _current.GetOrAdd(use, static (use, keys) => keys.Current.Derive(use), keys);

    /// <summary>Whether a signature holds under the current key or any before it.</summary>
    /// <param name="sign">Signs with the key that it is given.</param>
    public bool Verify(string use, ReadOnlySpan<byte> signature, Func<byte[], byte[]> sign)
    {
        if (CryptographicOperations.FixedTimeEquals(sign(Current(use)), signature)) return true;
        var isLasting = SigningUse.Lasting.Contains(use);
        foreach (var (master, key) in _previous.GetOrAdd(use, use => [.. keys.Previous.Select(master => (master, master.Derive(use)))]))
            if ((isLasting || !retired.Has(master)) && CryptographicOperations.FixedTimeEquals(sign(key), signature)) return true;
        if (!isLasting) return false;
        foreach (var key in retired.Of(use))
            if (CryptographicOperations.FixedTimeEquals(sign(key), signature)) return true;
        return false;
    }
}
