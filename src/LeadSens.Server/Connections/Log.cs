namespace LeadSens.Server.Connections;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "ConnectionMade {Provider} {ConnectionId} of workspace {WorkspaceId}")]
    public static partial void ConnectionMade(this ILogger log, string provider, Guid connectionId, Guid workspaceId);

    [LoggerMessage(LogLevel.Information, "ConnectionEnded {Provider} {ConnectionId} of workspace {WorkspaceId}")]
    public static partial void ConnectionEnded(this ILogger log, string provider, Guid connectionId, Guid workspaceId);

    [LoggerMessage(LogLevel.Warning, "ConnectionBroke {Provider} {ConnectionId} of workspace {WorkspaceId}")]
    public static partial void ConnectionBroke(this ILogger log, string provider, Guid connectionId, Guid workspaceId);

    [LoggerMessage(LogLevel.Warning, "TokenNotRevoked {Provider} {ConnectionId}: {Reason}")]
    public static partial void TokenNotRevoked(this ILogger log, string provider, Guid connectionId, string reason);

    [LoggerMessage(LogLevel.Information, "TokenRefreshed {Provider} {ConnectionId}")]
    public static partial void TokenRefreshed(this ILogger log, string provider, Guid connectionId);

    [LoggerMessage(LogLevel.Warning, "TokenNotRefreshed {Provider} {ConnectionId}: {Reason}")]
    public static partial void TokenNotRefreshed(this ILogger log, string provider, Guid connectionId, string reason);

    [LoggerMessage(LogLevel.Warning, "ConnectionNotLookedAt {ConnectionId}")]
    public static partial void ConnectionNotLookedAt(this ILogger log, Exception error, Guid connectionId);
}
