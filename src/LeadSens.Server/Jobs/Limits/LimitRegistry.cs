using System.Collections.Concurrent;

namespace LeadSens.Server.Jobs;

/// <summary>The limits that the configuration (or a connection) sets. They become rows of <c>limits</c> before they are next asked for.
/// Set <see cref="LimitRule.None"/> for an account without limits, so that an earlier configuration's row is cleared.</summary>
internal sealed class LimitRegistry
{
    private readonly ConcurrentDictionary<string, LimitRule> unwritten = new(StringComparer.Ordinal);

    public bool HasUnwritten => !unwritten.IsEmpty;

    /// <summary>What is not written yet; the last rule of a key counts.</summary>
    public IReadOnlyDictionary<string, LimitRule> Unwritten => new Dictionary<string, LimitRule>(unwritten, StringComparer.Ordinal);

    public void Set(string key, LimitRule rule) => unwritten[key] = rule;

    /// <summary>These are rows now. One that was set anew meanwhile is not.</summary>
    public void Written(IReadOnlyDictionary<string, LimitRule> rules)
    {
        foreach (var rule in rules) unwritten.TryRemove(rule);
    }
}
