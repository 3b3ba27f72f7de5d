using System.Collections.Frozen;

namespace LeadSens.Server.Identity;

/// <summary>Passwords that are tried first, because many people have them.</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> Known = new(Read);

    /// <summary>Also in another case, and as a common word with digits and signs around it.</summary>
    public static bool Has(string password)
    {
        var plain = password.ToLowerInvariant();
        return Known.Value.Contains(plain) || Known.Value.Contains(Core(plain));
    }

    private static string Core(string text)
    {
        var (first, last) = (0, text.Length);
        while (first < last && !char.IsLetter(text[first])) first++;
        while (last > first && !char.IsLetter(text[last - 1])) last--;
        return text[first..last];
    }

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("LeadSens.Server.Identity.common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToFrozenSet(StringComparer.Ordinal);
    }
}
