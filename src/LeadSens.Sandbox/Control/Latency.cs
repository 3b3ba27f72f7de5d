using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Control;

/// <summary>How long an answer takes from the request's arrival.</summary>
internal sealed record LatencyRule(double Ms, double JitterMs = 0, string? Vendor = null, string? PathPrefix = null);

/// <summary>The answers' latency: of several rules that concern a call the last one counts.</summary>
internal sealed class Latency
{
    private volatile LatencyRule[] rules = [];

    public IReadOnlyList<LatencyRule> Rules => rules;

    public void Set(IReadOnlyList<LatencyRule> wanted) => rules = [.. wanted];

    public TimeSpan For(Call call)
    {
        for (var i = rules.Length - 1; i >= 0; i--)
        {
            if (rules[i] is var rule && call.Concerns(rule.Vendor, rule.PathPrefix))
            {
                return TimeSpan.FromMilliseconds(rule.Ms + (rule.JitterMs > 0 ? rule.JitterMs * Random.Shared.NextDouble() : 0));
            }
        }

        return TimeSpan.Zero;
    }
}
