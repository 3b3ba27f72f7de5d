namespace LeadSens.Server.Mail;

/// <summary>A mail as it waits in the database.</summary>
/// <param name="SendingJob">Whose attempt began to hand it over.</param>
internal sealed record StoredMail(Guid Id, string MessageId, string Kind, string Language, string State, Guid? SendingJob, DateTimeOffset CreatedAt, bool Expired, SealedMessage Message);

/// <summary>What is sealed while it waits: it holds an address and links that open something.</summary>
internal sealed record SealedMessage(string To, string Subject, string Text, string Html);

internal static class MailState
{
    public const string Queued = "queued", Sending = "sending", Sent = "sent", Failed = "failed", Unknown = "unknown", Expired = "expired";
}
