using System.Text;

namespace LeadSens.Server.Enrichment;

/// <summary>Where a lead's company is read.</summary>
internal static class CompanyWebsite
{
    /// <summary>The lead's website, or <c>&lt;company in lower case without spaces&gt;.com</c> where it has none; null where neither is known.
    /// What no host name can hold is left out.</summary>
    public static string? Of(string? website, string? companyName)
    {
        if (!string.IsNullOrWhiteSpace(website)) return website.Trim();
        var host = new StringBuilder();
        foreach (var letter in (companyName ?? "").Normalize().ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter == '-')) host.Append(letter);
        var name = host.ToString().Trim('-');
        return name.Length is 0 or > 60 ? null : name + ".com";
    }
}
