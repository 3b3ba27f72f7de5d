namespace LeadSens.Server.Identity;

/// <summary>Ids only: no addresses, no tokens.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that tells of ended sessions was lost; until it is back each request asks the database")]
    public static partial void AccessNewsLost(this ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "A stream of {Caller} ended with the right to it")]
    public static partial void StreamEnded(this ILogger logger, string caller);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether open streams may go on could not be told; they are looked at again")]
    public static partial void StreamsNotChecked(this ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {UserId} registered")]
    public static partial void AccountRegistered(this ILogger logger, Guid userId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {UserId} signed in, session {SessionId}")]
    public static partial void SignedIn(this ILogger logger, Guid userId, Guid sessionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Login to account {UserId} refused")]
    public static partial void LoginRefused(this ILogger logger, Guid userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token of session {SessionId} was used twice; the session ended")]
    public static partial void RefreshTokenReused(this ILogger logger, Guid sessionId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Password of account {UserId} changed")]
    public static partial void PasswordChanged(this ILogger logger, Guid userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {CallerId} was refused {Method} {Route}")]
    public static partial void AccessRefused(this ILogger logger, string kind, string? callerId, string method, string? route);
}
