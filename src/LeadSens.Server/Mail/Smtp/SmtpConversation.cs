using System.Text;

namespace LeadSens.Server.Mail;

/// <summary>The steps of handing over one mail (RFC 5321). Each answers null to go on, or how it ended.</summary>
internal sealed class SmtpConversation(MailServer server, SmtpWire wire, string ourName)
{
    /// <summary>Greeting, encryption, login. A server that offers no encryption where it is asked for gets no mail.</summary>
    public async Task<Delivery?> OpenAsync()
    {
        await wire.ConnectAsync(server.Host, server.Port);
        if (server.Encryption == MailOptions.Tls) await wire.SecureAsync(server.Host);
        if (await wire.ReadAsync() is { Code: not 220 } greeting) return Delivery.NotYet(greeting, "the conversation");
        var hello = await HelloAsync();
        if (hello.Code != 250) return Delivery.NotYet(hello, "our greeting");
        if (server.Encryption == MailOptions.StartTls)
        {
            if (!hello.Offers("STARTTLS")) return new(DeliveryEnd.Later, "The mail server offers no encryption (STARTTLS).");
            if (await wire.SayAsync("STARTTLS") is { Code: not 220 } refused) return Delivery.NotYet(refused, "to encrypt");
            await wire.SecureAsync(server.Host);
            hello = await HelloAsync();
            if (hello.Code != 250) return Delivery.NotYet(hello, "our greeting");
        }

        return server.UserName is null ? null : await LogInAsync(hello);
    }

    public async Task<Delivery?> AddressAsync(string from, string to)
    {
        if (await wire.SayAsync($"MAIL FROM:<{from}>") is { IsYes: false } sender) return Delivery.Of(sender, "the sender");
        if (await wire.SayAsync($"RCPT TO:<{to}>") is { IsYes: false } recipient) return Delivery.Of(recipient, "the recipient");
        return await wire.SayAsync("DATA") is { Code: not 354 } data ? Delivery.Of(data, "the mail") : null;
    }

    /// <summary>The text up to the dot; from the last byte on the server may have taken it.</summary>
    public async Task<Delivery> HandOverAsync(byte[] mail)
    {
        await wire.WriteAsync(Encoding.ASCII.GetBytes(Dotted(Encoding.ASCII.GetString(mail)) + ".\r\n"));
        var reply = await wire.ReadAsync();
        return reply switch
        {
            { IsYes: true } => Delivery.Accepted,
            { Code: >= 400 and < 600 } => Delivery.Of(reply, "the mail"),
            // Neither yes nor no: who sends it again may send it twice.
            _ => new(DeliveryEnd.Unknown, $"The mail server answered neither yes nor no to the mail ({reply}): it may have arrived. It is not sent again by itself."),
        };
    }

    /// <summary>Politeness: nobody waits for what it answers.</summary>
    public Task CloseAsync() => wire.WriteAsync("QUIT\r\n"u8.ToArray());

    private Task<SmtpReply> HelloAsync() => wire.SayAsync($"EHLO {ourName}");

    private async Task<Delivery?> LogInAsync(SmtpReply hello)
    {
        SmtpReply reply;
        if (hello.OffersAuth("PLAIN"))
        {
            reply = await wire.SayAsync($"AUTH PLAIN {Base64($"\0{server.UserName}\0{server.Password}")}");
        }
        else if (hello.OffersAuth("LOGIN"))
        {
            reply = await wire.SayAsync("AUTH LOGIN");
            if (reply.Code == 334) reply = await wire.SayAsync(Base64(server.UserName!));
            if (reply.Code == 334) reply = await wire.SayAsync(Base64(server.Password!));
        }
        else
        {
            return new(DeliveryEnd.Later, "The mail server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }

        return reply.Code == 235 ? null : Delivery.NotYet(reply, "our login");
    }

    /// <summary>A line that begins with a dot gets another, so that it does not end the mail.</summary>
    private static string Dotted(string mail) => (mail.StartsWith('.') ? "." : "") + mail.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
