using System.Buffers;
using System.Text;

namespace LeadSens.Server.Api;

/// <summary>Lines of comma separated values (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe, so that it is text.</summary>
internal static class Csv
{
    /// <summary>Also in their full width, which some spreadsheets read as the narrow ones.</summary>
    private const string Formula = "=+-@\t\r\n＝＋－＠";

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n'");

    public static string Line(params ReadOnlySpan<string?> fields)
    {
        var line = new StringBuilder();
        for (var i = 0; i < fields.Length; i++) line.Append(i == 0 ? "" : ",").Append(Field(fields[i]));
        return line.Append("\r\n").ToString();
    }

    public static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var safe = StartsFormula(text) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    /// <summary>Blanks before it are skipped by spreadsheets, too.</summary>
    private static bool StartsFormula(string text) => Formula.Contains(text[0], StringComparison.Ordinal) || (text.TrimStart() is [var first, ..] && Formula.Contains(first, StringComparison.Ordinal));
}
