using LeadSens.Server.Identity;

namespace LeadSens.Server.Mail;

/// <summary>An address with a name before it, as in <c>From</c>.</summary>
internal sealed record Mailbox(string? Name, string Address)
{
    public string Host => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>Null for what is none.</summary>
    public static Mailbox? Parse(string text)
    {
        var open = text.LastIndexOf('<');
        var (name, address) = open >= 0 && text.EndsWith('>') ? (text[..open].Trim().Trim('"'), text[(open + 1)..^1]) : ("", text.Trim());
        return EmailAddress.KeyOf(address) is null || name.Any(char.IsControl) ? null : new(name.Length == 0 ? null : name, address.Trim());
    }
}
