namespace LeadSens.Server.Jobs;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A {Kind} job ({JobId}) waits for the database and runs again")]
    public static partial void JobWaitsForDatabase(ILogger logger, Exception failure, string kind, Guid jobId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Result of {Kind} job {JobId} could not be saved")]
    public static partial void ResultNotSaved(ILogger logger, Exception exception, string kind, Guid jobId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Checkpoint of {Kind} job {JobId} could not be stored")]
    public static partial void CheckpointNotStored(ILogger logger, Exception exception, string kind, Guid jobId);

    [LoggerMessage(Level = LogLevel.Error, Message = "No {Kind} jobs of batch {BatchId} can be claimed for now; the other batches go on")]
    public static partial void BatchLeftOut(ILogger logger, Exception exception, string kind, Guid batchId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped {Count} results of {Kind} jobs whose claim was lost")]
    public static partial void ResultsOfLostClaimsDropped(ILogger logger, string kind, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Kind} job {JobId} stopped with an exception")]
    public static partial void JobStopped(ILogger logger, Exception exception, string kind, Guid jobId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Inputs of {Count} {Kind} jobs could not be loaded")]
    public static partial void InputsNotLoaded(ILogger logger, Exception exception, string kind, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A flush of {Kind} results waits for the database")]
    public static partial void FlushDelayed(ILogger logger, Exception exception, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases of jobs were not renewed; trying again in a second")]
    public static partial void LeasesNotRenewed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker's round failed")]
    public static partial void RoundFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A step of the worker's sweep failed and is tried again; the others go on")]
    public static partial void SweepStepFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Account} is down: {Reason}. Its batches pause")]
    public static partial void CircuitOpened(ILogger logger, string account, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Account} is back. Its batches go on")]
    public static partial void CircuitClosed(ILogger logger, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batch {BatchId} paused: {Reason}")]
    public static partial void BatchPaused(ILogger logger, Guid batchId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reclaimed {Count} jobs of lost workers")]
    public static partial void JobsReclaimed(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox dispatcher's round failed")]
    public static partial void DispatchFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {EventId} could not be published and is a dead letter")]
    public static partial void EventDead(ILogger logger, Guid eventId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Other nodes could not be told")]
    public static partial void NodesNotTold(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The listening connection was lost")]
    public static partial void ListenerLost(ILogger logger, Exception exception);
}
