using System.Net;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Mail;

/// <summary>Everything that is wrong with the section <c>Mail</c>; production cannot do without a mail server, because nobody could confirm an address.</summary>
internal sealed class MailOptionsRules(IHostEnvironment environment) : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        var faults = FaultsOf(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> FaultsOf(MailOptions options)
    {
        if (environment.IsProduction() && string.IsNullOrWhiteSpace(options.Host)) yield return "Mail__Host is missing: confirmations, password resets and approval links are sent by mail";
        if (options.Host is { Length: > 0 } host && Uri.CheckHostName(host) == UriHostNameType.Unknown) yield return "Mail__Host is not the name or the address of a host";
        if (options.Host is { Length: > 0 } && options.From is null) yield return "Mail__From is missing: the address that mails come from, such as LeadSens <no-reply@example.com>";
        if (options.From is { } from && Mailbox.Parse(from) is null) yield return "Mail__From is not an address such as LeadSens <no-reply@example.com>";
        if (options.Port is < 1 or > 65535) yield return "Mail__Port is not between 1 and 65535";
        if (options.TimeoutSeconds is < 1 or > 600) yield return "Mail__TimeoutSeconds is not between 1 and 600";
        if (options.LongestSeconds < options.TimeoutSeconds || options.LongestSeconds > 3600) yield return "Mail__LongestSeconds is not between Mail__TimeoutSeconds and 3600";
        if (options.Encryption is not (MailOptions.StartTls or MailOptions.Tls or MailOptions.None)) yield return "Mail__Tls is none of starttls, tls, none";
        if (string.IsNullOrEmpty(options.UserName) != string.IsNullOrEmpty(options.Password)) yield return "Mail__UserName and Mail__Password belong together: set both or neither";
        if (HasControls(options.UserName) || HasControls(options.Password)) yield return "Mail__UserName or Mail__Password holds control characters";
        if (options is { Encryption: MailOptions.None, UserName: not null } && !IsHere(options.Host)) yield return "Mail__Tls is none, so Mail__Password would be sent readable to another machine";
    }

    private static bool HasControls(string? text) => text?.Any(char.IsControl) ?? false;

    private static bool IsHere(string? host) => host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
}
