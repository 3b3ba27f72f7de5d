using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LeadSens.Server.Calls;

/// <summary>Reading of vendors' JSON.</summary>
internal static class JsonRead
{
    /// <summary>A <see cref="BodyReader{T}"/> of a contract's type.</summary>
    public static T Read<T>(this JsonTypeInfo<T> type, ReadOnlySpan<byte> body) where T : class =>
        JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");

    /// <summary>A list without the nulls in it, which no contract of ours names and no reader expects.</summary>
    public static IReadOnlyList<T> Whole<T>(IReadOnlyList<T> list) where T : class => list.Contains(null!) ? [.. list.Where(one => one is not null)] : list;

    /// <summary>A property that is a text, else null.</summary>
    public static string? Text(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A property that is a whole number, or a text that is one; else null.</summary>
    public static int? Number(this JsonElement body, string name) =>
        !body.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : value.ValueKind == JsonValueKind.String && int.TryParse(value.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out number) ? number
        : null;
}
