
namespace LeadSens.Server.Jobs;

/// <summary>Where an attempt's end takes a job.</summary>
/// <param name="State">Queued when it runs again, else an end state.</param>
/// <param name="After">How long it waits when it runs again.</param>
/// <param name="SpendsAttempt">One less of its retry schedule.</param>
internal readonly record struct JobMove(string State, TimeSpan After, bool SpendsAttempt, ProviderFailure? Failure)
{
    public const string Queued = "Queued";
    public const string Completed = "Completed";
    public const string Skipped = "Skipped";
    public const string Failed = "Failed";

    public static JobMove Again(TimeSpan after, ProviderFailure? because = null) => new(Queued, after, false, because);

    public static JobMove End(string state, ProviderFailure? failure = null) => new(state, TimeSpan.Zero, failure is not null, failure);
}

/// <summary>What a failure's kind means for the job.</summary>
internal static class RetryPolicy
{
    /// <summary>Our own wait where the provider says 429 and no time.</summary>
    public static readonly TimeSpan RateLimitedWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan UntilPersonActs = TimeSpan.FromSeconds(1);

    public static JobMove After(ProviderFailure failure, int attempt, IReadOnlyList<TimeSpan> schedule, TimeSpan? circuitOpenFor, double jitter) =>
        failure.Kind switch
        {
            ProviderFailureKind.RateLimited => JobMove.Again(failure.RetryAfter ?? RateLimitedWait, failure),
            // The batch is paused; the job waits in it and has lost nothing.
            ProviderFailureKind.QuotaExhausted or ProviderFailureKind.Unauthorized => JobMove.Again(failure.RetryAfter ?? UntilPersonActs, failure),
            ProviderFailureKind.Unavailable or ProviderFailureKind.TimedOut or ProviderFailureKind.UnknownOutcome
                when circuitOpenFor is { } open => JobMove.Again(failure.RetryAfter ?? open, failure),
            ProviderFailureKind.Unavailable or ProviderFailureKind.TimedOut or ProviderFailureKind.UnknownOutcome
                when attempt <= schedule.Count => new(JobMove.Queued, failure.RetryAfter ?? Wait(schedule, attempt, jitter), true, failure),
            _ => JobMove.End(JobMove.Failed, failure),
        };

    /// <summary>Failures that say the provider itself is down.</summary>
    public static bool IsOutage(ProviderFailureKind kind) =>
        kind is ProviderFailureKind.Unavailable or ProviderFailureKind.TimedOut or ProviderFailureKind.UnknownOutcome;

    public static string? PausesBatch(ProviderFailure failure) => failure.Kind switch
    {
        // Other jobs still hold what may become free: the job waits for that, and the batch goes on.
        ProviderFailureKind.QuotaExhausted when failure.Provider == JobBudget.Provider => failure.RetryAfter is null ? PauseReason.BudgetExceeded : null,
        ProviderFailureKind.QuotaExhausted => PauseReason.QuotaExhausted,
        ProviderFailureKind.Unauthorized => PauseReason.Unauthorized,
        _ => null,
    };

    // Schedules that a provider prescribes are kept to the letter; only our own is spread.
    private static TimeSpan Wait(IReadOnlyList<TimeSpan> schedule, int attempt, double jitter)
    {
        var wait = schedule[attempt - 1];
        return ReferenceEquals(schedule, JobDefaults.Exponential) || ReferenceEquals(schedule, JobDefaults.Patient) ? wait * (0.75 + (jitter / 2)) : wait;
    }
}
