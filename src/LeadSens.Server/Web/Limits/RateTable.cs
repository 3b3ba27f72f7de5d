namespace LeadSens.Server.Web;

/// <summary>Counts by key (GCRA): one time per key, the one at which it will have paid for all that it did. Bounded: when half of what may be
/// remembered has come since the last turn, what was not seen since is forgotten, so that a flood of keys costs memory for nobody.</summary>
internal sealed class RateTable<TKey>(Rate rate, int remembered, TimeProvider clock) where TKey : notnull
{
    private readonly long cost = (long)(60.0 / Math.Max(1, rate.PerMinute) * clock.TimestampFrequency);
    private readonly Lock turn = new();
    private Dictionary<TKey, long> young = [], old = [];

    public int Count
    {
        get
        {
            lock (turn) return young.Count + old.Count;
        }
    }

    /// <summary>Null: it may. Else how long to wait.</summary>
    /// <param name="times">For how many at once; all of them or none.</param>
    public TimeSpan? Refusal(TKey key, int times = 1)
    {
        var now = clock.GetTimestamp();
        lock (turn)
        {
            if (!young.TryGetValue(key, out var paid) && !old.TryGetValue(key, out paid)) paid = now;
            paid = Math.Max(paid, now);
            var wait = paid + (cost * times) - now - cost * Math.Max(1, rate.Burst);
            if (wait > 0) return TimeSpan.FromSeconds((double)wait / clock.TimestampFrequency);
            young[key] = paid + (cost * times);
            if (young.Count >= Math.Max(1, remembered / 2)) (old, young) = (young, []);
            return null;
        }
    }
}
