using System.Buffers;

namespace LeadSens.Server.Contacts;

/// <summary>A person's page at LinkedIn, however its address is written: with or without a scheme, a country's host, or a question behind it.</summary>
internal static class LinkedInAddress
{
    private const int LongestName = 200;
    private const string Path = "linkedin.com/in/";
    private static readonly SearchValues<char> Ends = SearchValues.Create("/?# \t\r\n");

    /// <summary>The name that stands for the person, in lower case and with % signs for what is not ASCII; null for what is no person's page.</summary>
    public static string? NameIn(string? address)
    {
        if (address is null || address.IndexOf(Path, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var at)) return null;
        var rest = address.AsSpan(at + Path.Length);
        var end = rest.IndexOfAny(Ends);
        var name = (end < 0 ? rest : rest[..end]).ToString();
        return name.Length == 0 ? null : Cut(Uri.EscapeDataString(Uri.UnescapeDataString(name).ToLowerInvariant()).ToLowerInvariant());
    }

    private static string Cut(string name) => name.Length > LongestName ? name[..LongestName] : name;
}
