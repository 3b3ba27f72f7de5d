using System.Collections.Concurrent;
using LeadSens.Server.Web;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

/// <summary>What this node read lately about callers, by what they showed. It is believed only while the node would hear of a change
/// (<see cref="AccessNews"/>); without that, each request asks the database.</summary>
internal sealed class AccessCache(IOptions<WebOptions> options, TimeProvider clock)
{
    private const int Most = 20_000;

    private readonly TimeSpan keeps = TimeSpan.FromSeconds(options.Value.AccessCacheSeconds);
    private readonly ConcurrentDictionary<CredentialKey, Entry> entries = new();
    private long changes, heardAt = long.MinValue;

    /// <summary>Called whenever something was forgotten: who holds a connection open looks again.</summary>
    public event Action? Changed;

    public int Count => entries.Count;

    /// <summary>Whether the node hears of changes: it listens, and the connection answered within the last seconds.</summary>
    public bool IsTold => Interlocked.Read(ref heardAt) is not long.MinValue and var at && clock.GetElapsedTime(at) < AccessNews.Silence;

    /// <summary>The answer that is remembered, or the one that is read now. A caller who is refused is never remembered.</summary>
    public async ValueTask<T?> GetAsync<T>(CredentialKey key, Func<CancellationToken, Task<Read<T>>> read, CancellationToken cancellationToken) where T : class
    {
        if (entries.TryGetValue(key, out var entry) && entry.Value is T known && clock.GetTimestamp() < entry.Until && IsTold) return known;
        var before = Interlocked.Read(ref changes);
        var (value, validFor, session, user) = await read(cancellationToken);
        if (value is null) entries.TryRemove(key, out _);
        else if (IsTold) Keep(key, new(value, Until(validFor), session, user), before);
        return value;
    }

    /// <summary>Forgets what hangs on a session or key, or on a person; everything without an id.</summary>
    public void Forget(Guid? id = null)
    {
        // First the count, so that whoever read before and comes to store it after finds it changed.
        Interlocked.Increment(ref changes);
        if (id is null) entries.Clear();
        else
            foreach (var (key, entry) in entries)
                if (entry.Session == id || entry.User == id) entries.TryRemove(key, out _);
        Changed?.Invoke();
    }

    /// <summary>The connection for news is there, as of now.</summary>
    public void Hear() => Interlocked.Exchange(ref heardAt, clock.GetTimestamp());

    /// <summary>It is not there: nothing is believed until it is again.</summary>
    public void Lose()
    {
        Interlocked.Exchange(ref heardAt, long.MinValue);
        Forget();
    }

    private void Keep(CredentialKey key, Entry entry, long before)
    {
        if (entries.Count >= Most) entries.Clear();
        entries[key] = entry;
        // A change that came while this was read may be newer than what was read.
        if (Interlocked.Read(ref changes) != before) entries.TryRemove(key, out _);
    }

    private long Until(TimeSpan validFor) => clock.GetTimestamp() + (long)((validFor < keeps ? validFor : keeps).TotalSeconds * clock.TimestampFrequency);

    private sealed record Entry(object Value, long Until, Guid Session, Guid? User);
}

/// <summary>What a caller showed: the hash of a token or key, or the id that a cookie names.</summary>
internal readonly record struct CredentialKey(string Kind, UInt128 First, UInt128 Second)
{
    public static CredentialKey Of(string kind, ReadOnlySpan<byte> hash) => new(kind, BitConverter.ToUInt128(hash), BitConverter.ToUInt128(hash[16..]));

    public static CredentialKey Of(string kind, Guid id) => new(kind, BitConverter.ToUInt128(id.ToByteArray()), 0);
}

/// <summary>What the database said.</summary>
/// <param name="Value">Null: nobody.</param>
/// <param name="ValidFor">Until it ends by itself.</param>
/// <param name="Session">The session's or key's id.</param>
internal readonly record struct Read<T>(T? Value, TimeSpan ValidFor, Guid Session, Guid? User) where T : class;
