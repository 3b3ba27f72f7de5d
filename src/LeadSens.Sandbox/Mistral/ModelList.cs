using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

internal static class ModelList
{
    private static readonly (string Id, string[] Aliases, int Context)[] All =
    [
        ("mistral-small-2603", ["mistral-small-latest"], 131_072),
        ("mistral-medium-3-5", ["mistral-medium-latest"], 131_072),
        ("mistral-large-2512", ["mistral-large-latest"], 262_144),
        ("ministral-3b-2512", ["ministral-3b-latest"], 131_072),
        ("ministral-8b-2512", ["ministral-8b-latest"], 131_072),
        ("ministral-14b-2512", ["ministral-14b-latest"], 131_072),
        ("codestral-2508", ["codestral-latest"], 262_144),
        ("open-mistral-nemo", [], 131_072),
    ];

    public static bool Knows(string model) => All.Any(item => item.Id == model || item.Aliases.Contains(model));

    public static Reply Answer() => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var (id, aliases, context) in All)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("object", "model");
            json.WriteNumber("max_context_length", context);
            json.WriteStartArray("aliases");
            foreach (var alias in aliases)
            {
                json.WriteStringValue(alias);
            }

            json.WriteEndArray();
            json.WriteStartObject("capabilities");
            json.WriteBoolean("completion_chat", true);
            json.WriteBoolean("function_calling", true);
            json.WriteBoolean("vision", false);
            json.WriteEndObject();
            json.WriteNull("deprecation");
            json.WriteNull("deprecation_replacement_model");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
