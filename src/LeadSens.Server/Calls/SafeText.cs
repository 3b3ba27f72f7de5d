using System.Text.RegularExpressions;

namespace LeadSens.Server.Calls;

/// <summary>A provider's own words, made fit for a message that people read and logs keep.</summary>
internal static partial class SafeText
{
    private const int Longest = 200;

    /// <summary>One line, at most 200 characters, without e-mail addresses and without the account's secret.</summary>
    public static string Of(string text, string secret)
    {
        if (secret.Length > 0) text = text.Replace(secret, "[secret]", StringComparison.Ordinal);
        // Cut generously before the patterns: they never see a large hostile text.
        if (text.Length > 2_000) text = text[..2_000];
        text = Address().Replace(text, "[address]");
        text = Unprintable().Replace(text, " ").Trim();
        return text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
    }

    [GeneratedRegex(@"[^\s@<>""']{1,64}@[^\s@<>""']{1,253}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Address();

    [GeneratedRegex(@"[\p{C}\s]+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Unprintable();
}
