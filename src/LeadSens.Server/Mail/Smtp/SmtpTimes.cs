
namespace LeadSens.Server.Mail;

/// <summary>Gives each step of a conversation its time, a reply's last line included, and the whole conversation an end.</summary>
internal sealed class SmtpTimes(MailServer server, TimeProvider clock, CancellationToken cancellationToken) : IDisposable
{
    private readonly CallTimeout limit = new(server.Timeout, clock, cancellationToken);
    private readonly long began = clock.GetTimestamp();

    public bool TimedOut => limit.TimedOut;

    /// <summary>The next step begins.</summary>
    public CancellationToken Step()
    {
        var left = server.Longest - clock.GetElapsedTime(began);
        limit.Restart(left < TimeSpan.Zero ? TimeSpan.Zero : left < server.Timeout ? left : server.Timeout);
        return limit.Token;
    }

    public void Dispose() => limit.Dispose();
}
