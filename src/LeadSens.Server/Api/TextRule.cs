using System.Buffers;
using System.Text;

namespace LeadSens.Server.Api;

/// <summary>The one rule for texts that come from outside. The database stores no NUL; escapes reach terminals and logs; line breaks in a name or a subject begin a header; what turns the
/// writing direction round makes a name read as another one.</summary>
internal static class TextRule
{
    private const string Directions = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069", LineBreaks = "\t\n\r";

    private static readonly string Controls = string.Concat(Enumerable.Range(0, 0xA0).Where(code => code is < 0x20 or >= 0x7F).Select(code => (char)code));

    /// <summary>Not in names, subjects, addresses: everything that is one line.</summary>
    private static readonly SearchValues<char> NotInLine = SearchValues.Create(Controls + "\u2028\u2029" + Directions);

    /// <summary>Not in texts of several lines either.</summary>
    private static readonly SearchValues<char> NotInText = SearchValues.Create(string.Concat(Controls.Except(LineBreaks)));

    private static readonly SearchValues<char> NotInHeader = SearchValues.Create(string.Concat(Controls.Where(control => control is not '\t' and < '\u0080')));

    /// <summary>What is wrong with it; null: nothing.</summary>
    public static string? ProblemOf(ReadOnlySpan<char> text, bool isMultiline = false)
    {
        var at = text.IndexOfAny(isMultiline ? NotInText : NotInLine);
        if (at >= 0) return $"The character U+{(int)text[at]:X4} is not allowed here.";
        return IsWhole(text) ? null : "Half of a surrogate pair is no character.";
    }

    /// <summary>For texts whose content is somebody else's business, as that of scripts: only what cannot be stored.</summary>
    public static string? StorageProblemOf(ReadOnlySpan<char> text) =>
        text.Contains('\0') ? "The character U+0000 is not allowed here." : IsWhole(text) ? null : "Half of a surrogate pair is no character.";

    /// <summary>A server in front of us, or a test's, may pass on what no header has.</summary>
    public static string? HeaderProblemOf(ReadOnlySpan<char> text) => text.IndexOfAny(NotInHeader) is >= 0 and var at ? $"The character U+{(int)text[at]:X4} is not allowed here." : null;

    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out var length) != OperationStatus.Done) return false;
            i += length;
            var next = text[i..].IndexOfAnyInRange('\uD800', '\uDFFF');
            i = next < 0 ? text.Length : i + next;
        }

        return true;
    }
}

/// <summary>On a text of a request that may have several lines; every other text is one line.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MultilineAttribute : Attribute;

/// <summary>A text of a request breaks the rule; the field is the one that it was sent in.</summary>
internal sealed class TextRefusedException(string field, string problem) : BadHttpRequestException($"{field}: {problem}")
{
    public string Field { get; } = field;

    public string Problem { get; } = problem;
}
