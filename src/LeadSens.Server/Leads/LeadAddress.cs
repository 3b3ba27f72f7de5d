using System.Globalization;
using System.Text;

namespace LeadSens.Server.Leads;

/// <summary>When two addresses are the same person's: however wide or cased they are written, with the domain in its ASCII form. The part behind a + stays: for some providers it is
/// another mailbox, and nobody's address is guessed at. Nothing here asks the system's Unicode library, which not every installation has.</summary>
internal static class LeadAddress
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    /// <summary>Null for what has no address in it.</summary>
    public static string? KeyOf(string? address)
    {
        if (address is null || !IsText(address)) return null;
        var visible = new string([.. address.Select(Narrow).Where(letter => !IsInvisible(letter))]).ToLowerInvariant();
        if (visible.Length == 0) return null;
        var at = visible.LastIndexOf('@');
        return at < 0 ? visible : $"{visible[..at]}@{DomainOf(visible[(at + 1)..])}";
    }

    /// <summary>In lower case and its xn-- form; as it is where it has none.</summary>
    public static string DomainOf(string domain)
    {
        try
        {
            return Idn.GetAscii(domain.TrimEnd('.')).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }

    /// <summary>East Asian keyboards write ASCII in a full width, and have full stops of their own.</summary>
    private static char Narrow(char letter) => letter switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(letter - 0xFEE0),
        '\u3002' or '\uFF61' => '.',
        _ => letter,
    };

    /// <summary>Half of a surrogate pair is in no alphabet.</summary>
    private static bool IsText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (rune == Rune.ReplacementChar) return false;
        return true;
    }

    /// <summary>Blanks, controls and what has no width: nobody sees a difference, so there is none.</summary>
    private static bool IsInvisible(char letter) => char.IsWhiteSpace(letter) || char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format;
}
