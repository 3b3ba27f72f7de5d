using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LeadSens.Server.Connections.Providers.Jina;

/// <summary>Lets only addresses of public web hosts through: what stands in a lead's website field is somebody else's text, and
/// whoever fetches it must not be led into a private network.</summary>
internal static class PublicWebsite
{
    private const int LongestUrl = 2_000;

    /// <summary>Names that resolve inside a machine or a private network only.</summary>
    private static readonly string[] PrivateSuffixes =
        [".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".private", ".home.arpa", ".in-addr.arpa", ".ip6.arpa", ".onion"];

    /// <summary>Accepts <c>acme.com</c> and <c>https://www.acme.com/about</c>; refuses other schemes, users, ports, IP addresses in any
    /// notation, and names that are not public.</summary>
    public static bool TryParse(string? website, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        var text = website?.Trim() ?? "";
        if (text.Length is 0 or > LongestUrl || text.AsSpan().ContainsAny('\\', '@') || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))) return false;
        if (!text.Contains("://", StringComparison.Ordinal)) text = "https://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
            || !uri.IsDefaultPort || uri.UserInfo.Length > 0 || !IsPublicName(uri))
            return false;
        address = new UriBuilder(uri.Scheme, uri.IdnHost.TrimEnd('.'), -1, uri.AbsolutePath, uri.Query).Uri;
        return true;
    }

    private static bool IsPublicName(Uri uri)
    {
        if (uri.HostNameType != UriHostNameType.Dns || uri.IsLoopback || !uri.Host.All(IsPlain)) return false;
        var host = uri.IdnHost.TrimEnd('.').ToLowerInvariant();
        var lastLabel = host.AsSpan(host.LastIndexOf('.') + 1);
        return host.Contains('.')
            && host.Length <= 253
            // No top-level domain starts with a digit: what does is an address in some notation.
            && !char.IsAsciiDigit(lastLabel[0])
            && !PrivateSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.Ordinal));
    }

    /// <summary>Letters of any script, but no look-alikes (full-width, letter-like, astral) that a fetcher may fold into plain ones:
    /// <c>１２７.０.０.１</c> is an address there.</summary>
    private static bool IsPlain(char c) => char.IsAscii(c)
        || (char.GetUnicodeCategory(c) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.OtherLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            && c is not ((>= '\u2100' and <= '\u214f') or >= '\uff00' or 'ª' or 'º'));
}
