using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace LeadSens.Server.Jobs;

/// <summary>What this node knows of the accounts: which ones have a row (only those cost SQL), and how many of its jobs use each.</summary>
internal sealed class LimitBook(TimeProvider time)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> justBlocked = new(StringComparer.Ordinal);
    private readonly AskTurns turns = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> used = new(StringComparer.Ordinal);
    private FrozenDictionary<string, Known> rows = FrozenDictionary<string, Known>.Empty;

    private readonly record struct Known(LimitRow Row, long BlockedUntil, long CircuitUntil);

    public void Learn(IReadOnlyList<LimitRow> read)
    {
        var now = time.GetTimestamp();
        rows = read.ToFrozenDictionary(row => row.Key, row => new Known(row, now + Ticks(row.BlockedFor), now + Ticks(row.CircuitFor ?? TimeSpan.Zero)), StringComparer.Ordinal);
        ForgetUnused();
    }

    /// <summary>Waits for its turn to ask for places of these accounts; dispose of the answer when what was granted is counted.</summary>
    public ValueTask<IDisposable> AskAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => turns.TakeAsync(keys, cancellationToken);

    /// <summary>True when claims have to ask the database.</summary>
    public bool IsLimited(string key) => rows.ContainsKey(key);

    public bool IsConcurrent(string key) => rows.TryGetValue(key, out var known) && known.Row.IsConcurrent;

    /// <summary>How long the account's open circuit waits for its probe; null when it is closed.</summary>
    public TimeSpan? CircuitLeft(string key) =>
        rows.TryGetValue(key, out var known) && known.Row.CircuitFor is not null ? time.GetElapsedTime(time.GetTimestamp(), known.CircuitUntil) : null;

    /// <summary>How long the account must be left alone because it said so.</summary>
    public TimeSpan BlockedFor(string key)
    {
        var until = rows.TryGetValue(key, out var known) && known.Row.BlockedFor > TimeSpan.Zero ? known.BlockedUntil : 0;
        if (!justBlocked.IsEmpty && justBlocked.TryGetValue(key, out var just)) until = Math.Max(until, just);
        if (until == 0) return TimeSpan.Zero;
        var left = time.GetElapsedTime(time.GetTimestamp(), until);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Holds this node's own jobs back at once, for the moment until the account's row says it.</summary>
    public void Block(string key, TimeSpan duration) =>
        justBlocked[key] = time.GetTimestamp() + Ticks(duration < Moment ? duration : Moment);

    public int Used(string key)
    {
        lock (gate) return used.GetValueOrDefault(key);
    }

    public void Use(string key, int jobs)
    {
        lock (gate) used[key] = Math.Max(0, used.GetValueOrDefault(key) + jobs);
    }

    /// <summary>The accounts whose concurrency this node holds, with what it uses; null when there is none.</summary>
    public Dictionary<string, int>? Held()
    {
        Dictionary<string, int>? held = null;
        lock (gate)
        {
            foreach (var (key, count) in used)
                if (rows.TryGetValue(key, out var known) && known.Row.IsConcurrent) (held ??= [])[key] = count;
        }

        return held;
    }

    /// <summary>What is known stays as small as the table: accounts come and go.</summary>
    private void ForgetUnused()
    {
        var now = time.GetTimestamp();
        foreach (var (key, until) in justBlocked)
            if (until <= now) justBlocked.TryRemove(new(key, until));
        lock (gate)
        {
            foreach (var (key, count) in used)
                if (count == 0 && !rows.ContainsKey(key)) used.Remove(key);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
