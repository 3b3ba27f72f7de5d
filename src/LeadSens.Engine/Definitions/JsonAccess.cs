using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Reads properties of definitions as they come: in any letter case, of the wrong kind, or not at all.</summary>
internal static class JsonAccess
{
    public static JsonElement? Property(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        if (json.TryGetProperty(name, out var exact)) return exact;
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        }

        return null;
    }

    public static JsonElement? Object(this JsonElement json, string name) => json.Property(name) is { ValueKind: JsonValueKind.Object } found ? found : null;

    public static string? Text(this JsonElement json, string name) => json.Property(name) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    public static int? Number(this JsonElement json, string name) =>
        json.Property(name) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt32(out var number) ? number : null;

    public static bool Flag(this JsonElement json, string name) => json.Property(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.Property(name) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];
}
