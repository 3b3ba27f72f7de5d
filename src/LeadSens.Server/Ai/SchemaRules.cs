using System.Text.Json;

namespace LeadSens.Server.Ai;

/// <summary>A JSON schema made ready to check answers against. The words are those that <see cref="ModelSchema.Parse"/> names.</summary>
internal sealed class SchemaRules
{
    private static readonly HashSet<string> Known =
        ["type", "properties", "required", "additionalProperties", "items", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "description", "title"];

    private readonly List<string> types = [];
    private readonly Dictionary<string, SchemaRules> properties = new(StringComparer.Ordinal);
    private readonly List<string> required = [];
    private readonly List<JsonElement> allowed = [];
    private bool closed;
    private SchemaRules? items;
    private decimal minimum = decimal.MinValue, maximum = decimal.MaxValue;
    private int minLength, maxLength = int.MaxValue, minItems, maxItems = int.MaxValue;

    public static SchemaRules Of(JsonElement schema)
    {
        var rules = new SchemaRules();
        foreach (var word in schema.EnumerateObject())
        {
            if (!Known.Contains(word.Name)) throw new ArgumentException($"The schema word '{word.Name}' is not supported.", nameof(schema));
            rules.Take(word.Name, word.Value);
        }

        return rules;
    }

    /// <summary>What is wrong with the answer, as path and rule without the answer's own text; null when nothing is.</summary>
    public string? Fault(JsonElement value, string path = "$")
    {
        if (types.Count > 0 && !types.Exists(type => Is(value, type))) return $"{path} must be {string.Join(" or ", types)}";
        if (allowed.Count > 0 && !allowed.Exists(one => JsonElement.DeepEquals(one, value))) return $"{path} must be one of {string.Join(", ", allowed)}";
        return value.ValueKind switch
        {
            JsonValueKind.Object => ObjectFault(value, path),
            JsonValueKind.Array => ArrayFault(value, path),
            JsonValueKind.String => TextFault(value, path),
            JsonValueKind.Number => NumberFault(value, path),
            _ => null,
        };
    }

    private void Take(string word, JsonElement value)
    {
        switch (word)
        {
            case "type": types.AddRange(value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(t => t.GetString()!) : [value.GetString()!]); break;
            case "properties": foreach (var property in value.EnumerateObject()) properties[property.Name] = Of(property.Value); break;
            case "required": required.AddRange(value.EnumerateArray().Select(name => name.GetString()!)); break;
            case "additionalProperties": closed = value.ValueKind == JsonValueKind.False; break;
            case "items": items = Of(value); break;
            case "enum": allowed.AddRange(value.EnumerateArray()); break;
            case "minimum": minimum = value.GetDecimal(); break;
            case "maximum": maximum = value.GetDecimal(); break;
            case "minLength": minLength = value.GetInt32(); break;
            case "maxLength": maxLength = value.GetInt32(); break;
            case "minItems": minItems = value.GetInt32(); break;
            case "maxItems": maxItems = value.GetInt32(); break;
        }
    }

    private string? ObjectFault(JsonElement value, string path)
    {
        foreach (var name in required)
            if (!value.TryGetProperty(name, out _)) return $"{path}.{name} is missing";
        foreach (var property in value.EnumerateObject())
        {
            if (properties.TryGetValue(property.Name, out var rules))
            {
                if (rules.Fault(property.Value, $"{path}.{property.Name}") is { } fault) return fault;
            }
            else if (closed)
            {
                return $"{path} has a property that the schema does not name";
            }
        }

        return null;
    }

    private string? ArrayFault(JsonElement value, string path)
    {
        var count = value.GetArrayLength();
        if (count < minItems) return $"{path} must have at least {minItems} items";
        if (count > maxItems) return $"{path} must have at most {maxItems} items";
        if (items is null) return null;
        var index = 0;
        foreach (var item in value.EnumerateArray())
            if (items.Fault(item, $"{path}[{index++}]") is { } fault) return fault;
        return null;
    }

    private string? TextFault(JsonElement value, string path)
    {
        if (LengthOf(value) is not { } length) return $"{path} holds a character that no text may hold";
        return length < minLength ? $"{path} must have at least {minLength} characters"
            : length > maxLength ? $"{path} must have at most {maxLength} characters"
            : null;
    }

    /// <summary>Null for a text that PostgreSQL cannot store: one with U+0000, or with half of a surrogate pair.</summary>
    private static int? LengthOf(JsonElement value)
    {
        try
        {
            var text = value.GetString()!;
            return text.Contains('\0', StringComparison.Ordinal) ? null : text.Length;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string? NumberFault(JsonElement value, string path) =>
        value.TryGetDecimal(out var number) && number >= minimum && number <= maximum ? null : $"{path} must be from {minimum} to {maximum}";

    private static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.Truncate(number) == number,
        _ => false,
    };
}
