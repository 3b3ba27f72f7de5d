using System.Text.Json;
using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Mail;

/// <summary>A mail server and how to speak to it.</summary>
/// <param name="Timeout">For each step.</param>
/// <param name="Longest">For the whole conversation.</param>
internal sealed record MailServer(string Host, int Port, string Encryption, string? UserName, string? Password, TimeSpan Timeout, TimeSpan Longest)
{
    /// <summary>Nobody gets to see the password by printing the record.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>Knows the mail server: the configured one, or outside production the Sandbox's, which is asked for its port.</summary>
internal sealed class MailServers(IOptions<MailOptions> options, IOptions<LeadSensOptions> settings, IHostEnvironment environment) : IDisposable
{
    private static readonly Mailbox Default = new("LeadSens", "no-reply@leadsens.example");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    public Mailbox From { get; } = options.Value.From is { } from ? Mailbox.Parse(from) ?? Default : Default;

    public async Task<ProviderResult<MailServer>> FindAsync(CancellationToken cancellationToken)
    {
        var mail = options.Value;
        if (mail.Host is { Length: > 0 } host)
            return new MailServer(host, mail.Port ?? DefaultPort(mail.Encryption), mail.Encryption, mail.UserName, mail.Password, Seconds(mail.TimeoutSeconds), Seconds(mail.LongestSeconds));
        return environment.IsProduction() || settings.Value.SandboxUrl is not { } sandbox ? Away("No mail server is configured.") : await SandboxAsync(sandbox, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<ProviderResult<MailServer>> SandboxAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            var health = await _http.GetFromJsonAsync<JsonElement>(new Uri($"{url.TrimEnd('/')}/_sandbox/health"), cancellationToken);
            return new MailServer(new Uri(url).Host, health.GetProperty("smtpPort").GetInt32(), MailOptions.None, null, null, Seconds(options.Value.TimeoutSeconds), Seconds(options.Value.LongestSeconds));
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException || fault is TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Away("The Sandbox's mail server cannot be reached.");
        }
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static ProviderFailure Away(string why) => new(ProviderFailureKind.Unavailable, Delivery.Provider, why);

    private static int DefaultPort(string encryption) => encryption switch { MailOptions.Tls => 465, MailOptions.StartTls => 587, _ => 25 };
}
