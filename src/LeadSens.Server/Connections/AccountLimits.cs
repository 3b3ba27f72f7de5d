using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Connections;

/// <summary>How fast an account may be called; null where there is no limit. Bound from <c>Limits:&lt;provider&gt;</c>, where it replaces what the vendor publishes.</summary>
internal sealed class AccountLimits
{
    [Range(0.001, 100_000)]
    public double? RequestsPerSecond { get; set; }

    [Range(0.001, 6_000_000)]
    public double? RequestsPerMinute { get; set; }

    /// <summary>What a vendor counts in a second may reach it closer together than it left: a call may be late by a tenth of a second.</summary>
    private const double Margin = 1.1;

    /// <summary>Calls that may go out at once after a quiet time. Absent: one, a little slower than allowed, so that no second ever has more calls than
    /// the rate allows. Set, a vendor must grant them on top of the rate.</summary>
    [Range(1, 100_000)]
    public int? Burst { get; set; }

    [Range(1, 10_000)]
    public int? Concurrency { get; set; }

    /// <summary>The binding one of the two rates.</summary>
    public double? RatePerSecond => (RequestsPerSecond, RequestsPerMinute) switch
    {
        (null, null) => null,
        ({ } second, null) => second,
        (null, { } minute) => minute / 60,
        ({ } second, { } minute) => Math.Min(second, minute / 60),
    };

    public int EffectiveBurst => Burst ?? 1;

    public double? EffectiveRate => Burst is null ? RatePerSecond / Margin : RatePerSecond;

    /// <summary>These limits, with what the others set in their place: a rate of either kind replaces both rates and the burst.</summary>
    public AccountLimits With(AccountLimits others) => others.RatePerSecond is null
        ? new() { RequestsPerSecond = RequestsPerSecond, RequestsPerMinute = RequestsPerMinute, Burst = others.Burst ?? Burst, Concurrency = others.Concurrency ?? Concurrency }
        : new() { RequestsPerSecond = others.RequestsPerSecond, RequestsPerMinute = others.RequestsPerMinute, Burst = others.Burst, Concurrency = others.Concurrency ?? Concurrency };
}
