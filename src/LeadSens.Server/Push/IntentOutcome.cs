
namespace LeadSens.Server.Push;

/// <summary>How one run at an intent ended. A job answers: its result, <c>Again(After)</c>, <c>Skipped</c>, the failure.</summary>
internal abstract record IntentOutcome
{
    private IntentOutcome() { }

    /// <summary>The call took effect exactly once and has its receipt.</summary>
    public sealed record Done(Guid IntentId, string ProviderId) : IntentOutcome;

    /// <summary>Nothing to do before this time is over: a settle time, a read-back that lags, a paused campaign.</summary>
    public sealed record Waiting(TimeSpan After) : IntentOutcome;

    /// <summary>The campaign was cancelled and the call never took effect: it will not be made.</summary>
    public sealed record Cancelled : IntentOutcome;

    /// <summary>The provider failed. Running the intent again is always safe.</summary>
    public sealed record Failed(ProviderFailure Failure) : IntentOutcome;
}
