namespace LeadSens.Server.Mail;

/// <summary>A reply of a mail server.</summary>
/// <param name="Status">The enhanced status (RFC 3463), <c>5.1.1</c>; null where there is none.</param>
/// <param name="Lines">The texts, of which only the extensions after EHLO count.</param>
internal sealed record SmtpReply(int Code, string? Status, IReadOnlyList<string> Lines)
{
    /// <summary>The first digit decides; the others are shades of it (RFC 5321, 4.2.1).</summary>
    public bool IsYes => Code is >= 200 and < 300;

    public bool Offers(string extension) => Lines.Any(line => line.Equals(extension, StringComparison.OrdinalIgnoreCase) || line.StartsWith(extension + " ", StringComparison.OrdinalIgnoreCase));

    public bool OffersAuth(string mechanism) => Lines.Any(line => line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase) && line.Split(' ', '=').Contains(mechanism, StringComparer.OrdinalIgnoreCase));

    /// <summary>Numbers only: the texts often repeat the recipient's address.</summary>
    public override string ToString() => Status is null ? $"{Code}" : $"{Code} {Status}";

    public static SmtpReply Of(int code, List<string> lines)
    {
        var first = lines[0].Split(' ')[0];
        var isStatus = first.Split('.') is [var a, var b, var c] && new[] { a, b, c }.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit));
        return new(code, isStatus ? first : null, lines);
    }
}
