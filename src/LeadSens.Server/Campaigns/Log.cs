namespace LeadSens.Server.Campaigns;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Starting campaigns that have no run yet failed; it is tried again")]
    public static partial void StartFailed(ILogger logger, Exception failure);
}
