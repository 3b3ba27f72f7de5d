using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Secrets;

/// <summary>The key that seals and signs, and those that it replaced, which only open and verify.</summary>
internal sealed class MasterKeys
{
    public MasterKeys(IOptions<LeadSensOptions> options) : this(options.Value.EncryptionKey!, [.. options.Value.PreviousKeys()]) { }

    public MasterKeys(string current, params IReadOnlyList<string> previous)
    {
        Current = new MasterKey(current);
        Previous = [.. previous.Select(key => new MasterKey(key))];
    }

    public MasterKey Current { get; }

    public IReadOnlyList<MasterKey> Previous { get; }

    public MasterKey? WithId(ReadOnlySpan<byte> id)
    {
        if (id.SequenceEqual(Current.Id)) return Current;
        foreach (var key in Previous)
            if (id.SequenceEqual(key.Id)) return key;
        return null;
    }
}
