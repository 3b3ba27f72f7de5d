using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>The smallest answer that a schema allows, for tasks without a rule of their own.</summary>
internal static class SchemaAnswer
{
    public static string Of(JsonElement schema, string text) => (Node(schema, text) ?? new JsonObject()).ToJsonString();

    private static JsonNode? Node(JsonElement schema, string text)
    {
        if (schema.Items("enum").FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } choice)
        {
            return JsonNode.Parse(choice.GetRawText());
        }

        return Type(schema) switch
        {
            "object" => Object(schema, text),
            "array" => new JsonArray(),
            "integer" or "number" => JsonValue.Create(schema.Number("minimum") ?? 1),
            "boolean" => JsonValue.Create(false),
            "string" => JsonValue.Create(text.Length > 80 ? text[..80] : text),
            _ => null,
        };
    }

    private static JsonObject Object(JsonElement schema, string text)
    {
        var result = new JsonObject();
        foreach (var property in schema.Member("properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject() : default)
        {
            result[property.Name] = Node(property.Value, text);
        }

        return result;
    }

    /// <summary>Null where the schema allows it: what is not known is not invented.</summary>
    private static string? Type(JsonElement schema) => schema.Member("type") switch
    {
        { ValueKind: JsonValueKind.String } type => type.GetString(),
        { ValueKind: JsonValueKind.Array } types => types.EnumerateArray().Any(type => type.GetString() == "null") ? "null" : types[0].GetString(),
        _ => null,
    };
}
