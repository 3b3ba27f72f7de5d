using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>Chooses the tool whose name and description share most words with the message, and fills its parameters from it.</summary>
internal static class ToolRules
{
    public static IReadOnlyList<ToolCall> Choose(JsonElement request, string message)
    {
        var tools = request.Items("tools").Select(tool => tool.GetProperty("function")).ToList();
        var choice = request.Member("tool_choice");
        if (tools.Count == 0 || choice is { ValueKind: JsonValueKind.String } word && word.GetString() == "none")
        {
            return [];
        }

        var forced = choice?.Member("function")?.Text("name");
        var must = choice is { ValueKind: JsonValueKind.String } how && how.GetString() is "any" or "required";
        var words = Matching.Words(message);
        var best = tools.Select(tool => (Tool: tool, Score: Score(tool, words))).OrderByDescending(item => item.Score).First();
        var chosen = forced is not null ? tools.FirstOrDefault(tool => tool.Text("name") == forced) : best.Score > 0 || must ? best.Tool : default;
        if (chosen.ValueKind is JsonValueKind.Undefined)
        {
            return [];
        }

        var name = chosen.Text("name")!;
        return [new ToolCall(Id(message, name), name, Arguments(chosen.GetProperty("parameters"), message).ToJsonString())];
    }

    private static int Score(JsonElement tool, HashSet<string> words) =>
        3 * Matching.Words(tool.Text("name") ?? "").Count(words.Contains) + Matching.Words(tool.Text("description") ?? "").Count(words.Contains);

    /// <summary>Nine letters and digits, as Mistral's are.</summary>
    private static string Id(string message, string name) =>
        Dice.Of(0, message).With(name).State.ToString("x16", CultureInfo.InvariantCulture)[..9];

    private static JsonObject Arguments(JsonElement parameters, string message)
    {
        var arguments = new JsonObject();
        if (parameters.Member("properties") is not { ValueKind: JsonValueKind.Object } properties)
        {
            return arguments;
        }

        var required = parameters.Texts("required");
        foreach (var property in properties.EnumerateObject())
        {
            if (Value(property.Value, message, required.Contains(property.Name)) is { } value)
            {
                arguments[property.Name] = value;
            }
        }

        return arguments;
    }

    private static JsonNode? Value(JsonElement schema, string message, bool required)
    {
        var choices = schema.Texts("enum");
        if (choices.Length > 0)
        {
            return choices.FirstOrDefault(choice => message.Contains(choice, StringComparison.OrdinalIgnoreCase)) ?? (required ? choices[0] : null);
        }

        return schema.Text("type") switch
        {
            "integer" or "number" => FirstNumber(message) ?? (required ? 1 : null),
            "boolean" => required ? true : null,
            "array" => required ? new JsonArray(Quoted(message) ?? message) : null,
            "object" => required ? new JsonObject() : null,
            _ => Quoted(message) ?? (required ? message : null),
        };
    }

    private static int? FirstNumber(string message)
    {
        foreach (var range in message.AsSpan().SplitAny(" ,.;:?!\n"))
        {
            if (int.TryParse(message.AsSpan()[range], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    private static string? Quoted(string message)
    {
        var parts = message.Split('"');
        return parts.Length >= 3 ? parts[1] : null;
    }
}
