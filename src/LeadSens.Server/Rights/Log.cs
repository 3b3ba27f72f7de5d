namespace LeadSens.Server.Rights;

/// <summary>Ids only.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "PersonErased: erasure {ErasureId} found nothing more")]
    public static partial void PersonErased(this ILogger log, Guid erasureId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ErasureInterrupted: it goes on in half a minute")]
    public static partial void ErasureInterrupted(this ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Forgotten by age: {Rows} of {Kind}")]
    public static partial void ForgottenByAge(this ILogger log, long rows, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ForgettingInterrupted: it goes on in an hour")]
    public static partial void ForgettingInterrupted(this ILogger log, Exception failure);
}
