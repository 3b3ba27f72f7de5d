using System.Text;

namespace LeadSens.Engine;

/// <summary>Texts that can be stored: a script may give half of a surrogate pair (<c>'😀'[0]</c>), and whoever cuts a message may leave one, but no encoding has it.</summary>
public static class WholeText
{
    /// <summary>The text with U+FFFD in the place of each half.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
