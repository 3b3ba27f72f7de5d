namespace LeadSens.Server.Mail;

/// <summary>Section <c>Mail</c>: the server that takes our mails. Outside production and without a host it is the Sandbox's.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";
    public const string StartTls = "starttls", Tls = "tls", None = "none";

    public string? Host { get; set; }

    /// <summary>Absent: 587 for STARTTLS, 465 for TLS from the first byte, 25 without.</summary>
    public int? Port { get; set; }

    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary><c>LeadSens &lt;no-reply@example.com&gt;</c> or the address alone.</summary>
    public string? From { get; set; }

    /// <summary>starttls, tls or none.</summary>
    [ConfigurationKeyName("Tls")]
    public string Encryption { get; set; } = StartTls;

    /// <summary>For each step of the conversation.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>For the whole conversation, however its steps divide it.</summary>
    public int LongestSeconds { get; set; } = 300;
}
