namespace LeadSens.Server.Audit;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "SealingInterrupted: the audit log is sealed in the next round")]
    public static partial void SealingInterrupted(this ILogger log, Exception failure);
}
