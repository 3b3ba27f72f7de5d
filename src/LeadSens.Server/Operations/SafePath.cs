namespace LeadSens.Server.Operations;

/// <summary>An address as it may stand in a log: some paths carry secrets (approval, invitation and reset links), so what looks like one is left out.</summary>
internal static class SafePath
{
    /// <summary>Ids stay: they open nothing.</summary>
    private const int LongestWord = 20;

    public static string Of(string path)
    {
        var query = path.IndexOf('?', StringComparison.Ordinal);
        var plain = query < 0 ? path : path[..query];
        var host = plain.Contains("://", StringComparison.Ordinal) ? 3 : 0;
        return string.Join('/', plain.Split('/').Select((part, place) => place < host || part.Length <= LongestWord || Guid.TryParse(part, out _) || IsWords(part) ? part : "***")) + (query < 0 ? "" : "?***");
    }

    /// <summary>Names of our own routes: lower case with hyphens.</summary>
    private static bool IsWords(string part) => part.All(letter => char.IsAsciiLetterLower(letter) || letter == '-');
}
