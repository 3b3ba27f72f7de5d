using System.Text;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Control;

/// <summary>The faults that are set, and which calls they hit.</summary>
internal sealed class Faults(int seed)
{
    private volatile Armed[] armed = [];

    public IReadOnlyList<FaultRule> Rules => [.. armed.Select(fault => fault.Rule)];

    public void Set(IReadOnlyList<FaultRule> rules) => armed = [.. rules.Select((rule, number) => new Armed(rule, Dice.Of(seed, "fault").With(number)))];

    /// <summary>Marks the call with what only bends its answer; returns the first fault that ends or delays it.</summary>
    public FaultMet? Meet(Call call)
    {
        foreach (var fault in armed)
        {
            if (fault.Hits(call) && Bend(call, fault.Rule) is { } met)
            {
                return met;
            }
        }

        return null;
    }

    private static FaultMet? Bend(Call call, FaultRule rule)
    {
        switch (rule.Mode)
        {
            case FaultMode.ReadLag:
                call.ReadLag = TimeSpan.FromMilliseconds(rule.DelayMs ?? 1000);
                return null;
            case FaultMode.IgnoreSkipFlags:
                call.IgnoresSkipFlags = true;
                return null;
            case FaultMode.StillFilling:
                call.StillFills = true;
                return null;
            case FaultMode.Malformed when rule.Spoil is Spoil.BrokenJson or Spoil.BadSchema or Spoil.TooLong or Spoil.Stubborn:
                call.ModelFault = rule.Spoil;
                return null;
            default:
                return new FaultMet(rule);
        }
    }

    private sealed class Armed(FaultRule rule, Dice dice)
    {
        private readonly byte[]? contains = rule.Contains is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : null;
        private long seen;
        private long hit;

        public FaultRule Rule => rule;

        public bool Hits(Call call)
        {
            if (!call.Concerns(rule.Vendor, rule.PathPrefix) || !HasText(call))
            {
                return false;
            }

            var number = Interlocked.Increment(ref seen);
            return dice.With(number).Share() < rule.Rate
                && (rule.Times is not { } times || Interlocked.Increment(ref hit) <= times);
        }

        private bool HasText(Call call) =>
            contains is null || call.Body.AsSpan().IndexOf(contains) >= 0 || call.Path.Contains(rule.Contains!, StringComparison.OrdinalIgnoreCase);
    }
}
