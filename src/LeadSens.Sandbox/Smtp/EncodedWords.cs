using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LeadSens.Sandbox.Smtp;

/// <summary>Text of other alphabets in headers (RFC 2047).</summary>
internal static partial class EncodedWords
{
    /// <summary>The white space between two encoded words belongs to neither.</summary>
    public static string Decode(string header) => Word().Replace(Between().Replace(header, "?="), word => word.Groups[2].Value is "B" or "b"
        ? Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[3].Value))
        : QuotedPrintable(word.Groups[3].Value.Replace('_', ' ')));

    public static string QuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"=\?([^?]+)\?([BbQq])\?([^?]*)\?=")]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=\s+(?==\?)")]
    private static partial Regex Between();
}
