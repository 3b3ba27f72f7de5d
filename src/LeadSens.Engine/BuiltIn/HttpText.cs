using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Contents of requests and answers as values of a workflow, and back.</summary>
public static class HttpText
{
    private const string Json = "application/json", Form = "application/x-www-form-urlencoded";

    /// <summary>JSON as what it says, other text as text, everything else as base64.</summary>
    /// <param name="encoded">True when the bytes are compressed: then they are nothing but bytes.</param>
    public static JsonElement Read(string? contentType, ReadOnlySpan<byte> content, bool encoded = false)
    {
        if (content.IsEmpty) return default;
        var type = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed : null;
        if (encoded || Decode(type, content) is not { } text) return Value.ToElement(Convert.ToBase64String(content));
        return IsJson(type?.MediaType) && TryParse(text, out var json) ? json : Value.ToElement(text);
    }

    public static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>False when the text is no JSON.</summary>
    public static bool TryParse(string text, out JsonElement json)
    {
        try
        {
            json = JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }

    /// <summary>A value as a body: text as it is, everything else as JSON, or as a form when the type says so. Null when there is nothing.</summary>
    public static (string Text, string Type)? Write(object? content, string? contentType)
    {
        if (content is null or JsonElement { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null }) return null;
        var given = string.IsNullOrWhiteSpace(contentType) ? null : contentType.Trim();
        if (content is string text) return (text, given ?? (LooksLikeJson(text) ? Json : "text/plain"));
        var element = Value.ToElement(content);
        return given is not null && given.StartsWith(Form, StringComparison.OrdinalIgnoreCase) && element.ValueKind == JsonValueKind.Object
            ? (FormOf(element), given)
            : (element.GetRawText(), given ?? Json);
    }

    /// <summary>Headers as pairs: an object of texts or of lists of texts.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Headers(JsonElement headers)
    {
        if (headers.ValueKind != JsonValueKind.Object) yield break;
        foreach (var header in headers.EnumerateObject())
        {
            var values = header.Value.ValueKind == JsonValueKind.Array ? header.Value.EnumerateArray().ToArray() : [header.Value];
            foreach (var value in values.Where(value => value.ValueKind != JsonValueKind.Null)) yield return new(header.Name, PlainText(value));
        }
    }

    private static string FormOf(JsonElement fields) => string.Join('&', fields.EnumerateObject().SelectMany(field =>
        (field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray().ToArray() : [field.Value])
            .Select(value => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(PlainText(value))}")));

    private static string PlainText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static bool LooksLikeJson(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..] && TryParse(text, out _);

    /// <summary>Null when it is no text. NUL is none either: no database takes it.</summary>
    private static string? Decode(MediaTypeHeaderValue? type, ReadOnlySpan<byte> content)
    {
        if (type?.MediaType is { } media && !IsText(media)) return null;
        var encoding = type?.CharSet?.Trim('"').ToLower(CultureInfo.InvariantCulture) switch
        {
            null or "" or "utf-8" or "utf8" or "us-ascii" => (Encoding)new UTF8Encoding(false, throwOnInvalidBytes: true),
            "iso-8859-1" or "latin1" => Encoding.Latin1,
            "utf-16" or "utf-16le" => new UnicodeEncoding(false, false, throwOnInvalidBytes: true),
            _ => null,
        };
        try
        {
            var text = encoding?.GetString(content.StartsWith("\uFEFF"u8) ? content[3..] : content);
            return text?.Contains('\0', StringComparison.Ordinal) == true ? null : text;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsText(string media) =>
        media.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || IsJson(media) || media.EndsWith("+xml", StringComparison.OrdinalIgnoreCase)
        || media.ToLowerInvariant() is "application/xml" or "application/javascript" or "application/graphql" or "application/yaml" or Form;
}
