namespace LeadSens.Server.Ai;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "AiEventsNotWritten: {Count} events wait for the database")]
    public static partial void EventsNotWritten(ILogger logger, int count, Exception failed);

    [LoggerMessage(LogLevel.Error, "AiEventRefused: {EventId} is not counted")]
    public static partial void EventRefused(ILogger logger, Guid eventId, Exception refused);
}
