namespace LeadSens.Server.Jobs;

/// <summary>What a provider account allows, in the whole cluster. Null or 0 means: no such limit.</summary>
/// <param name="RatePerSecond">Calls a second in the long run.</param>
/// <param name="Burst">Calls that may come at once after a rest; at least 1.</param>
/// <param name="Concurrency">Jobs (or granted calls) at the same time.</param>
internal sealed record LimitRule(double? RatePerSecond, int Burst = 1, int? Concurrency = null)
{
    public static readonly LimitRule None = new(RatePerSecond: null);
}
