using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>The JSON schema of an answer, parsed once and kept for the life of the process.</summary>
internal sealed class ModelSchema
{
    private ModelSchema(string name, JsonElement schema)
    {
        Name = name;
        Format = ChatResponseFormat.ForJsonSchema(schema, name);
        Rules = SchemaRules.Of(schema);
    }

    /// <summary>The task that the schema answers, for example <c>lead_score</c>.</summary>
    public string Name { get; }

    public ChatResponseFormatJson Format { get; }

    public SchemaRules Rules { get; }

    /// <summary>Reads a schema from its text. It may use type, properties, required, additionalProperties: false, items, enum,
    /// minimum, maximum, minLength, maxLength, minItems and maxItems.</summary>
    /// <exception cref="ArgumentException">The schema uses another word, which nobody would check.</exception>
    public static ModelSchema Parse(string name, string json)
    {
        using var document = JsonDocument.Parse(json);
        return new(name, document.RootElement.Clone());
    }
}
