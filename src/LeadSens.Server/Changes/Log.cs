namespace LeadSens.Server.Changes;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "ChangesNotRead: what changed is told with the next look")]
    public static partial void ChangesNotRead(this ILogger log, Exception failure);
}
