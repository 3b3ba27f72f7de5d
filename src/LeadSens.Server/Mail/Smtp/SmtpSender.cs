using System.Net.Sockets;
using System.Security.Authentication;

namespace LeadSens.Server.Mail;

/// <summary>Hands one mail over, and knows of every way it can go wrong whether the mail may have been taken.</summary>
internal sealed class SmtpSender(TimeProvider clock)
{
    /// <param name="beginAsync">Asked when only the text is missing: whether this attempt may hand it over.</param>
    public async Task<Delivery> SendAsync(MailServer server, Mailbox from, StoredMail mail, Func<CancellationToken, Task<bool>> beginAsync, CancellationToken cancellationToken)
    {
        var begun = false;
        using var times = new SmtpTimes(server, clock, cancellationToken);
        try
        {
            await using var wire = new SmtpWire(times);
            var smtp = new SmtpConversation(server, wire, from.Host);
            if (await smtp.OpenAsync() is { } closed) return closed;
            if (await smtp.AddressAsync(from.Address, mail.Message.To) is { } refused) return refused;
            if (!await beginAsync(cancellationToken)) return new(DeliveryEnd.NotOurs, "Another attempt handed this mail over, or is about to.");
            begun = true;
            var end = await smtp.HandOverAsync(Mime.Of(mail, from));
            await QuitAsync(smtp);
            return end;
        }
        catch (Exception lost) when (lost is IOException or SocketException or AuthenticationException || times.TimedOut && lost is OperationCanceledException)
        {
            return begun
                ? new(DeliveryEnd.Unknown, "The mail server did not answer after it was given the mail: it may have arrived. It is not sent again by itself.")
                : new(DeliveryEnd.Later, lost is AuthenticationException ? "The mail server's certificate is not valid for its name." : times.TimedOut ? "The mail server did not answer in time." : "The mail server cannot be reached.");
        }
    }

    /// <summary>The mail has its answer; how the conversation ends changes nothing.</summary>
    private static async Task QuitAsync(SmtpConversation smtp)
    {
        try
        {
            await smtp.CloseAsync();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The server hung up first.
        }
    }
}
