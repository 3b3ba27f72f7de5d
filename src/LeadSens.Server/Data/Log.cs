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

    [LoggerMessage(Level = LogLevel.Warning, Message = "ClockWentAhead: the database's clock jumped ahead by {By}; what was due meanwhile happens now")]
    public static partial void ClockWentAhead(this ILogger log, TimeSpan by);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ClockWentBack: the database's clock went back by {By}; brought back what waited for a time that was written before (rows by column): {Moved}")]
    public static partial void ClockWentBack(this ILogger log, TimeSpan by, string moved);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ClockNotLookedAt: trying again in a second")]
    public static partial void ClockNotLookedAt(this ILogger log, Exception error);
}
