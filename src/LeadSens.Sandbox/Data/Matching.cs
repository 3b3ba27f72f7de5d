using System.Globalization;

namespace LeadSens.Sandbox.Data;

/// <summary>When two descriptions mean the same: the rule both of the seeded people and of the model's scores.</summary>
internal static class Matching
{
    private static readonly HashSet<string> Fillers = new(StringComparer.OrdinalIgnoreCase)
        { "of", "and", "the", "for", "in", "at", "a", "de", "du", "des", "la", "le", "et", "to", "on", "senior", "junior", "lead", "services", "general" };

    private static readonly (string Phrase, string Token)[] Synonyms =
    [
        ("vice president", "vp"), ("chief executive officer", "ceo"), ("chief technology officer", "cto"), ("chief financial officer", "cfo"),
        ("chief marketing officer", "cmo"), ("chief operating officer", "coo"), ("chief revenue officer", "cro"), ("human resources", "hr"),
        ("responsable", "manager"), ("directeur", "director"), ("directrice", "director"), ("ventes", "sales"), ("commercial", "sales"),
    ];

    public static bool Equal(string one, string other) => string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether they share a word that means something.</summary>
    public static bool Overlap(string one, string other)
    {
        var words = Words(one);
        return words.Count > 0 && words.Overlaps(Words(other));
    }

    /// <summary>Whether the spans of two company sizes ("51-200", "1K - 10K", "&gt; 100K", "50+ employees") have more than an edge in common.</summary>
    public static bool SizesOverlap(string one, string other) =>
        Span(one) is { } a && Span(other) is { } b ? Math.Max(a.From, b.From) < Math.Min(a.To, b.To) || a == b : Equal(one, other);

    public static bool CountriesEqual(string one, string other) => Equal(Countries.Name(one), Countries.Name(other));

    public static HashSet<string> Words(string text)
    {
        var plain = text.ToLowerInvariant();
        foreach (var (phrase, token) in Synonyms)
        {
            plain = plain.Contains(phrase, StringComparison.Ordinal) ? plain.Replace(phrase, token, StringComparison.Ordinal) : plain;
        }

        var words = new HashSet<string>();
        foreach (var range in plain.AsSpan().SplitAny(" ,;/&()-_.|\t\n"))
        {
            if (plain[range] is { Length: > 1 } word && !Fillers.Contains(word))
            {
                words.Add(word);
            }
        }

        return words;
    }

    private static (double From, double To)? Span(string size)
    {
        Span<double> numbers = stackalloc double[2];
        var count = 0;
        for (var i = 0; i < size.Length && count < 2; i++)
        {
            var start = i;
            while (i < size.Length && (char.IsAsciiDigit(size[i]) || size[i] is ',' or '.' && i > start && i + 1 < size.Length && char.IsAsciiDigit(size[i + 1])))
            {
                i++;
            }

            if (i > start && double.TryParse(size[start..i].Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                numbers[count++] = i < size.Length && size[i] is 'K' or 'k' ? number * 1000 : number;
            }
        }

        return count switch
        {
            2 => (numbers[0], numbers[1]),
            1 when size.AsSpan().ContainsAny('>', '+') => (numbers[0], double.MaxValue),
            1 when size.Contains('<', StringComparison.Ordinal) => (0, numbers[0]),
            1 => (numbers[0] - 0.5, numbers[0] + 0.5),
            _ => null,
        };
    }
}
