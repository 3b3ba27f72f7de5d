using LeadSens.Server.Jobs;

namespace LeadSens.Server.Push;

/// <summary>What an intent's outcome means for the job that runs it.</summary>
internal static class IntentJobs
{
    /// <summary>For every outcome but Done.</summary>
    public static JobOutcome<T> ToJob<T>(this IntentOutcome outcome) => outcome switch
    {
        IntentOutcome.Waiting waiting => new JobOutcome<T>.Again(waiting.After),
        IntentOutcome.Cancelled => new JobOutcome<T>.Skipped("The campaign was cancelled."),
        IntentOutcome.Failed failed => failed.Failure,
        _ => throw new InvalidOperationException("A call that took effect has a result of its own."),
    };
}
