using System.Security.Cryptography;
using System.Text;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Smtp;

/// <summary>A mail as it was received, and read.</summary>
/// <param name="From">The envelope's sender.</param>
/// <param name="To">The envelope's recipients.</param>
/// <param name="Raw">Everything that came after DATA.</param>
internal sealed record ReceivedMail(
    string Id, DateTimeOffset At, string From, IReadOnlyList<string> To, string Subject, string? MessageId, string? Language, string? Text, string? Html,
    IReadOnlyDictionary<string, string> Headers, string Raw)
{
    public static ReceivedMail Of(MailAccepted mail)
    {
        var entity = MimeEntity.Read(mail.Raw);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mail.At:O}{mail.Raw}")))[..16];
        return new(id, mail.At, mail.From, mail.To, entity.Header("Subject") ?? "", entity.Header("Message-ID"), entity.Header("Content-Language"),
            entity.TextOf("text/plain"), entity.TextOf("text/html"), entity.Headers, mail.Raw);
    }
}
