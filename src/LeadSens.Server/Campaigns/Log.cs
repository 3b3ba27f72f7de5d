namespace LeadSens.Server.Campaigns;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Starting campaigns that have no run yet failed; it is tried again")]
    public static partial void StartFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Doing to the run of campaign {Campaign} what was decided about it failed; it is tried again")]
    public static partial void WishFailed(ILogger logger, Exception failure, Guid campaign);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Folding the figures of campaigns failed; it is tried again")]
    public static partial void FoldingFailed(ILogger logger, Exception failure);
}
