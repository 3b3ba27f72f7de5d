using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>The closed schema of a chat request: what Mistral does not know it refuses.</summary>
internal static class RequestSchema
{
    private static readonly HashSet<string> Fields =
    [
        "model", "messages", "temperature", "top_p", "max_tokens", "stream", "stop", "random_seed", "response_format", "tools", "tool_choice", "parallel_tool_calls",
        "n", "presence_penalty", "frequency_penalty", "prediction", "reasoning_effort", "prompt_mode", "prompt_cache_key", "safe_prompt", "guardrails", "metadata",
    ];

    private static readonly HashSet<string> MessageFields = ["role", "content", "tool_calls", "tool_call_id", "name", "prefix"];
    private static readonly HashSet<string> FormatFields = ["type", "json_schema"];
    private static readonly HashSet<string> SchemaFields = ["name", "schema", "strict", "description"];
    private static readonly HashSet<string> ToolFields = ["type", "function"];
    private static readonly HashSet<string> FunctionFields = ["name", "parameters", "description", "strict"];
    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    /// <returns>The refusal; null when the request is fine.</returns>
    public static Reply? Refuse(JsonElement request) =>
        Extra(request, Fields)
        ?? (request.Text("model") is null ? Missing("model") : null)
        ?? (request.Member("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0 ? Missing("messages") : null)
        ?? request.Items("messages").Select(Message).FirstOrDefault(refusal => refusal is not null)
        ?? Temperature(request)
        ?? Format(request)
        ?? request.Items("tools").Select(Tool).FirstOrDefault(refusal => refusal is not null)
        ?? (ModelList.Knows(request.Text("model")!) ? null : MistralErrors.Of(400, $"Invalid model: {request.Text("model")}"));

    private static Reply? Message(JsonElement message) =>
        Extra(message, MessageFields, "messages")
        ?? (Roles.Contains(message.Text("role")) ? null : MistralErrors.Detail("union_tag_invalid", "Input tag 'role' does not match any of the expected tags: 'assistant', 'system', 'tool', 'user'", "messages", "role"));

    private static Reply? Temperature(JsonElement request) =>
        request.Member("temperature") is { } value && !(value.ValueKind is JsonValueKind.Number && value.GetDouble() is >= 0 and <= 1.5)
            ? MistralErrors.Detail("less_than_equal", "Input should be less than or equal to 1.5", "temperature")
            : null;

    private static Reply? Format(JsonElement request)
    {
        if (request.Member("response_format") is not { } format)
        {
            return null;
        }

        if (Extra(format, FormatFields, "response_format") is { } extra)
        {
            return extra;
        }

        if (format.Text("type") != "json_schema")
        {
            return format.Text("type") is "text" or "json_object" ? null : MistralErrors.Detail("enum", "Input should be 'text', 'json_object' or 'json_schema'", "response_format", "type");
        }

        return format.Member("json_schema") is not { } schema || schema.Text("name") is null || schema.Member("schema") is null
            ? Missing("response_format", "json_schema")
            : Extra(schema, SchemaFields, "response_format", "json_schema");
    }

    private static Reply? Tool(JsonElement tool) =>
        Extra(tool, ToolFields, "tools")
        ?? (tool.Member("function") is not { } function || function.Text("name") is null || function.Member("parameters") is null
            ? Missing("tools", "function")
            : Extra(function, FunctionFields, "tools", "function"));

    private static Reply? Extra(JsonElement holder, HashSet<string> known, params string[] location)
    {
        if (holder.ValueKind is not JsonValueKind.Object)
        {
            return MistralErrors.Detail("model_attributes_type", "Input should be a valid dictionary", location);
        }

        foreach (var member in holder.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                return MistralErrors.Detail("extra_forbidden", "Extra inputs are not permitted", [.. location, member.Name]);
            }
        }

        return null;
    }

    private static Reply Missing(params string[] location) => MistralErrors.Detail("missing", "Field required", location);
}
