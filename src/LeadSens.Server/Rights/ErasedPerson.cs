using System.Text.Encodings.Web;
using System.Text.Json;
using LeadSens.Server.Leads;

namespace LeadSens.Server.Rights;

/// <summary>What texts are searched for: the person's addresses, full names and profile addresses as they were stored. A single word is many people's, or a name in
/// what runs store, and is not searched for; the texts that were written to the person go as a whole.</summary>
internal sealed record ErasedPerson(IReadOnlyList<string> Texts)
{
    public const string Replacement = "[erased]";

    private const int Shortest = 5;

    public static ErasedPerson Of(IEnumerable<string?> texts) =>
        new([.. texts.Select(text => text?.Trim()).OfType<string>().Where(text => text.Length >= Shortest && !text.All(IsOfWord)).Distinct(StringComparer.OrdinalIgnoreCase)]);

    /// <summary>The addresses among them.</summary>
    public IEnumerable<string> Addresses => Texts.Where(text => text.Contains('@', StringComparison.Ordinal)).Select(LeadAddress.KeyOf).OfType<string>().Distinct();

    /// <summary>A regular expression of PostgreSQL for any of them, as they are or as JSON writes them. Longer ones come first, so that no rest stays behind.</summary>
    public string Pattern => PatternOf(Texts.SelectMany(Forms));

    /// <summary>The same for a text that is JSON itself: its syntax and the names in it mention nobody.</summary>
    public string JsonPattern => $"""(?:{PatternOf(Texts.SelectMany(Forms).Where(form => !Texts.Contains(form) || !form.Any(IsSyntax)))})(?!"\s*:)""";

    private static string PatternOf(IEnumerable<string> forms) => string.Join('|', forms.Distinct().OrderByDescending(text => text.Length).Select(Literal));

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.';

    private static bool IsSyntax(char letter) => letter is '"' or '\\' || char.IsControl(letter);

    private static IEnumerable<string> Forms(string text) =>
        [text, JsonEncodedText.Encode(text).ToString(), JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()];

    /// <summary>Signs that mean something in a regular expression are all in ASCII; with a backslash they mean themselves.</summary>
    private static string Literal(string text) => string.Concat(text.Select(letter => char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter) && letter > ' ' ? $"\\{letter}" : letter.ToString()));
}
