namespace LeadSens.Server.Webhooks;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "WebhookFailed: event {EventId}")]
    public static partial void WebhookFailed(this ILogger log, Exception failure, Guid eventId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "WebhooksInterrupted: it goes on in a second")]
    public static partial void WebhooksInterrupted(this ILogger log, Exception failure);
}
