namespace LeadSens.Server.Identity;

/// <summary>An account's address. Only printable ASCII is taken (a domain of other letters in its xn-- form), so that what NFKC or case folding
/// would map onto another address, and letters that merely look like another's, never make a second account: the key is the lower case.</summary>
internal static class EmailAddress
{
    private const int Longest = 254, LongestLocal = 64;

    /// <summary>What makes two addresses the same account; null for what is no address.</summary>
    public static string? KeyOf(string? text)
    {
        var address = text?.Trim(' ') ?? "";
        var at = address.LastIndexOf('@');
        if (address.Length > Longest || at is < 1 or > LongestLocal || !IsHost(address[(at + 1)..])) return null;
        return address[..at].All(IsLocal) && !address.Contains("..", StringComparison.Ordinal) && address[0] != '.' && address[at - 1] != '.' ? address.ToLowerInvariant() : null;
    }

    private static bool IsLocal(char letter) => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-/=?^_`{|}~.".Contains(letter, StringComparison.Ordinal);

    private static bool IsHost(string host) => host.Contains('.', StringComparison.Ordinal) && host.Split('.').All(IsLabel);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
