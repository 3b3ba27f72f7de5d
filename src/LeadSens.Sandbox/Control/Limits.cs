using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Control;

/// <summary>At most <c>Requests</c> in any span of <c>Seconds</c>; what is above gets the vendor's 429.</summary>
/// <param name="RetryAfter">Whether the refusal says how long to wait.</param>
internal sealed record LimitRule(int Requests, double Seconds = 1, string? Vendor = null, string? PathPrefix = null, bool RetryAfter = true);

/// <summary>The rolling limits of the stand-in vendors: none unless set.</summary>
internal sealed class Limits(TimeProvider clock)
{
    private volatile Window[] windows = [];

    public IReadOnlyList<LimitRule> Rules => [.. windows.Select(window => window.Rule)];

    public void Set(IReadOnlyList<LimitRule> rules) => windows = [.. rules.Select(rule => new Window(rule, clock))];

    /// <returns>Null when the call is allowed; otherwise the refusal, with the seconds to wait where the rule says them.</returns>
    public Refusal? Refuse(Call call)
    {
        foreach (var window in windows)
        {
            if (call.Concerns(window.Rule.Vendor, window.Rule.PathPrefix) && window.Refuse() is { } wait)
            {
                return new Refusal(window.Rule.RetryAfter ? wait : null);
            }
        }

        return null;
    }

    private sealed class Window(LimitRule rule, TimeProvider clock)
    {
        private readonly Queue<long> taken = new();
        private readonly Lock gate = new();

        public LimitRule Rule => rule;

        public int? Refuse()
        {
            lock (gate)
            {
                var now = clock.GetTimestamp();
                while (taken.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now).TotalSeconds >= rule.Seconds)
                {
                    taken.Dequeue();
                }

                if (taken.Count < rule.Requests)
                {
                    taken.Enqueue(now);
                    return null;
                }

                var left = taken.TryPeek(out var first) ? rule.Seconds - clock.GetElapsedTime(first, now).TotalSeconds : rule.Seconds;
                return Math.Max(1, (int)Math.Ceiling(left));
            }
        }
    }
}

internal readonly record struct Refusal(int? RetryAfter);
