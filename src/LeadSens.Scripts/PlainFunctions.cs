using System.Text;

namespace LeadSens.Scripts;

/// <summary>Functions of their arguments alone. Bytes are carried as Base64 text. They take text as scripts turn it into text; those of emptiness
/// take null where the argument is null or undefined.</summary>
public static class PlainFunctions
{
    public delegate object Function(string? text);

    public static IReadOnlyDictionary<string, Function> All { get; } = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["isNullOrWhiteSpace"] = static text => string.IsNullOrWhiteSpace(text),
        ["isNullOrEmpty"] = static text => string.IsNullOrEmpty(text),
        ["parseGuid"] = static text => Guid.TryParse(Given(text), out var id) ? id.ToString() : throw new ScriptRefusedException($"'{Given(text)}' is no GUID."),
        ["newGuid"] = static _ => Guid.CreateVersion7().ToString(),
        ["newGuidString"] = static _ => Guid.CreateVersion7().ToString(),
        ["newShortGuid"] = static _ => Convert.ToBase64String(Guid.CreateVersion7().ToByteArray())[..22].Replace('+', '-').Replace('/', '_'),
        ["stringToBase64"] = static text => Convert.ToBase64String(Encoding.UTF8.GetBytes(Given(text))),
        ["stringFromBase64"] = static text => Encoding.UTF8.GetString(Bytes(Given(text))),
        ["bytesToString"] = static text => Encoding.UTF8.GetString(Bytes(Given(text))),
        ["bytesFromString"] = static text => Convert.ToBase64String(Encoding.UTF8.GetBytes(Given(text))),
        ["bytesToBase64"] = Given,
        ["bytesFromBase64"] = Given,
    };

    private static string Given(string? text) => text ?? "undefined";

    private static byte[] Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : throw new ScriptRefusedException("The text is not Base64.");
    }
}

/// <summary>A function refuses what a script asks; the script ends with it, and the message is told as it is.</summary>
public sealed class ScriptRefusedException(string message) : Exception(message);
