namespace LeadSens.Server.Secrets;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "RetiredKeysNotRead: what a rotation of keys has replaced is not known newer than before; trying again")]
    public static partial void RetiredKeysNotRead(this ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "SealedAgain: {Count} value(s) of {Column} are bound to {Keys} now")]
    public static partial void SealedAgain(this ILogger log, long count, string column, string keys);

    [LoggerMessage(Level = LogLevel.Error, Message = "NotSealedAgain: {Reason}")]
    public static partial void NotSealedAgain(this ILogger log, string reason);
}
