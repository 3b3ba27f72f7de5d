namespace LeadSens.Server.Workflows;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "BurstBroke of instance {InstanceId}; it is tried again")]
    public static partial void BurstBroke(this ILogger log, Guid instanceId, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "LeaseNotReturned of instance {InstanceId}; it ends by itself")]
    public static partial void LeaseNotReturned(this ILogger log, Guid instanceId, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ClaimBroke: the database did not answer; trying again")]
    public static partial void ClaimBroke(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SweepBroke: the database did not answer; trying again")]
    public static partial void SweepBroke(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "LeasesNotRenewed; trying again in a second")]
    public static partial void LeasesNotRenewed(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "TriggerStopped: {TriggerId} starts no runs any more")]
    public static partial void TriggerStopped(this ILogger log, Guid triggerId, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "LeasesReclaimed: {Count} instances of dead nodes go on here")]
    public static partial void LeasesReclaimed(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "StartRefused of {VersionId} as {InstanceId}: {Reason}")]
    public static partial void StartRefused(this ILogger log, string versionId, Guid instanceId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "StartBroke of instance {InstanceId}; it is refused")]
    public static partial void StartBroke(this ILogger log, Guid instanceId, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "InstancesForgotten: {Count} runs that ended more than {Days} days ago")]
    public static partial void InstancesForgotten(this ILogger log, long count, int days);

    [LoggerMessage(Level = LogLevel.Information, Message = "DefinitionShipped {DefinitionId} version {Version}")]
    public static partial void DefinitionShipped(this ILogger log, string definitionId, int version);

    [LoggerMessage(Level = LogLevel.Error, Message = "DefinitionRefused {File}: {Problems}")]
    public static partial void DefinitionRefused(this ILogger log, string file, string problems);
}
