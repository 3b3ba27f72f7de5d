namespace LeadSens.Server.Data;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "NodeSessionLost: the connection that keeps this node alive broke; opening another")]
    public static partial void NodeSessionLost(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "WakeupNotSent")]
    public static partial void WakeupNotSent(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DataDirectoryMoved: PostgreSQL's user cannot reach {DataDirectory}; the data lives in {Root}")]
    public static partial void DataDirectoryMoved(this ILogger log, string dataDirectory, string root);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgresStarted in {Root}")]
    public static partial void PostgresStarted(this ILogger log, string root);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgresAdopted: the one in {Root} outlived its Server")]
    public static partial void PostgresAdopted(this ILogger log, string root);

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgresRevived: its postmaster in {Root} had died and was started again")]
    public static partial void PostgresRevived(this ILogger log, string root);

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgresNotRevived: its postmaster in {Root} died and does not start; trying again")]
    public static partial void PostgresNotRevived(this ILogger log, Exception error, string root);
}
