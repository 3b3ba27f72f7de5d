namespace LeadSens.Server.Jobs;

/// <summary>One of an account's places: who holds it makes one call at a time there. Whatever happens to its holder, disposing of it frees the
/// account, and doing so twice changes nothing.</summary>
/// <param name="book">Counts what this node holds.</param>
internal sealed class Place(LimitBook book, TimeProvider time, string key) : IDisposable
{
    private int held;
    private int calls;
    private long nextAt;
    private long spacing;

    public string Key => key;

    /// <summary>Counts it, before its calls are granted or as soon as they are.</summary>
    public Place Take()
    {
        if (Interlocked.Exchange(ref held, 1) == 0) book.Use(key, 1);
        return this;
    }

    /// <summary>Calls that its holder may make: the first at this time, the others no closer than this to each other, so that what is granted at
    /// once is not called at once.</summary>
    public Place Granted(int count, long firstAt, TimeSpan apart)
    {
        (calls, nextAt, spacing) = (count, firstAt, (long)(apart.TotalSeconds * time.TimestampFrequency));
        return this;
    }

    /// <summary>Uses one of the granted calls. Null when none is left, else how long it waits for its turn.</summary>
    public TimeSpan? Spend()
    {
        if (Interlocked.Decrement(ref calls) < 0)
        {
            Interlocked.Increment(ref calls);
            return null;
        }

        var now = time.GetTimestamp();
        var at = Math.Max(now, nextAt);
        nextAt = at + spacing;
        return time.GetElapsedTime(now, at);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref held, 0) == 1) book.Use(key, -1);
    }
}
