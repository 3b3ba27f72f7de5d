namespace LeadSens.Server.Mail;

/// <summary>Ids only: no addresses, no links.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {MailId} ended as {State}: {Reason}")]
    public static partial void MailNotSent(this ILogger logger, Guid mailId, string state, string? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old mails and links could not be forgotten")]
    public static partial void ForgettingFailed(this ILogger logger, Exception exception);
}
