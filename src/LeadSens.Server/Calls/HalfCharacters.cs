using System.Globalization;

namespace LeadSens.Server.Calls;

/// <summary>Halves of surrogate pairs in JSON, which whoever cuts texts at a length leaves behind (<c>"Acme \ud83d"</c>). No reader takes them, so one name cut in
/// the middle of a picture would cost the whole page: they become U+FFFD.</summary>
internal static class HalfCharacters
{
    private const int EscapeLength = 6;

    public static void Replace(Span<byte> json)
    {
        for (var at = json.IndexOf((byte)'\\'); at >= 0 && at + 1 < json.Length; at = Next(json, at))
        {
            if (UnitAt(json, at) is not { } unit || !char.IsSurrogate(unit))
                at += json[at + 1] == 'u' ? 0 : 1;
            else if (char.IsHighSurrogate(unit) && UnitAt(json, at + EscapeLength) is { } low && char.IsLowSurrogate(low))
                at += EscapeLength;
            else
                "fffd"u8.CopyTo(json[(at + 2)..]);
        }
    }

    private static int Next(ReadOnlySpan<byte> json, int at)
    {
        var next = json[(at + 1)..].IndexOf((byte)'\\');
        return next < 0 ? -1 : at + 1 + next;
    }

    /// <summary>The UTF-16 unit that an escape here stands for; null where there is none.</summary>
    private static char? UnitAt(ReadOnlySpan<byte> json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u' && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit : null;
}
