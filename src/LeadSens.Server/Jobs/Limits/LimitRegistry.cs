using System.Collections.Concurrent;

namespace LeadSens.Server.Jobs;

/// <summary>The limits that the configuration (or a connection) sets. They become rows of <c>limits</c> before they are next asked for.
/// Set <see cref="LimitRule.None"/> for an account without limits, so that an earlier configuration's row is cleared.</summary>
internal sealed class LimitRegistry
{
    private readonly ConcurrentQueue<(string Key, LimitRule Rule)> unwritten = new();

    public bool HasUnwritten => !unwritten.IsEmpty;

    public void Set(string key, LimitRule rule) => unwritten.Enqueue((key, rule));

    /// <summary>Takes what is not written yet; the last rule of a key counts.</summary>
    public IReadOnlyDictionary<string, LimitRule> TakeUnwritten()
    {
        var rules = new Dictionary<string, LimitRule>(StringComparer.Ordinal);
        while (unwritten.TryDequeue(out var next)) rules[next.Key] = next.Rule;
        return rules;
    }
}
