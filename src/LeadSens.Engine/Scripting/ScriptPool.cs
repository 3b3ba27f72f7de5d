using System.Collections.Concurrent;

namespace LeadSens.Engine;

/// <summary>Engines that are free, by tenant: an engine never serves two.</summary>
internal static class ScriptPool
{
    private const int Kept = 64;

    private static readonly ConcurrentDictionary<Guid, ConcurrentBag<ScriptEngine>> Free = new();
    private static int _kept;

    public static ScriptEngine Take(Guid tenantId)
    {
        if (!Free.TryGetValue(tenantId, out var engines) || !engines.TryTake(out var engine)) return new ScriptEngine();
        Interlocked.Decrement(ref _kept);
        return engine;
    }

    /// <summary>Keeps an engine for the tenant's next expression. When there are many, all are dropped: they are cheap to make.</summary>
    public static void Give(Guid tenantId, ScriptEngine engine)
    {
        if (Interlocked.Increment(ref _kept) > Kept)
        {
            Free.Clear();
            Interlocked.Exchange(ref _kept, 1);
        }

        Free.GetOrAdd(tenantId, static _ => []).Add(engine);
    }
}
