using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LeadSens.Server.Connections;

/// <summary>Reading of vendors' JSON.</summary>
internal static class JsonRead
{
    /// <summary>A <see cref="BodyReader{T}"/> of a contract's type.</summary>
    public static T Read<T>(this JsonTypeInfo<T> type, ReadOnlySpan<byte> body) where T : class =>
        JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");

    /// <summary>A property that is a text, else null.</summary>
    public static string? Text(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A property that is a whole number, else null.</summary>
    public static int? Number(this JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
