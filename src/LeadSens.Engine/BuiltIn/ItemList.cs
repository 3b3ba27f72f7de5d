using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>The items of a loop over a list.</summary>
internal static class ItemList
{
    private static readonly JsonElement None = JsonElement.Parse("[]");

    /// <summary>A list, or JSON text that is one. Nothing is an empty list.</summary>
    public static JsonElement Of(object? value, Activity of) => value switch
    {
        null or "" => None,
        JsonElement { ValueKind: JsonValueKind.Array } list => list,
        string text when ValueKind.Json.TryConvert(text, out var parsed) && parsed is JsonElement { ValueKind: JsonValueKind.Array } list => list,
        _ => throw new ExpressionException($"The items of {of.Title} are a list, not {Scope.Describe(value)}."),
    };
}
