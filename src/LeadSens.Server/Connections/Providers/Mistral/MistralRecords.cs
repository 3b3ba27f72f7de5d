using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>A whole answer, or one piece of a streamed one.</summary>
internal sealed record Completion([property: JsonRequired] IReadOnlyList<CompletionChoice> Choices)
{
    public string? Id { get; init; }
    public string? Model { get; init; }
    public long? Created { get; init; }
    public CompletionUsage? Usage { get; init; }
}

/// <param name="Message">Of a whole answer.</param>
/// <param name="Delta">Of a piece.</param>
internal sealed record CompletionChoice(int Index, string? FinishReason, CompletionMessage? Message, CompletionMessage? Delta);

/// <param name="Content">A text, a list of typed chunks, or null.</param>
internal sealed record CompletionMessage(string? Role, JsonElement Content, IReadOnlyList<CompletionToolCall>? ToolCalls)
{
    public IReadOnlyList<CompletionToolCall> ToolCalls { get; init; } = JsonRead.Whole(ToolCalls ?? []);
}

internal sealed record CompletionToolCall(string? Id, int? Index, CompletionFunction? Function);

/// <param name="Arguments">A text that holds JSON, or the JSON itself.</param>
internal sealed record CompletionFunction(string? Name, JsonElement Arguments);

internal sealed record CompletionUsage(int PromptTokens, int CompletionTokens, int? TotalTokens, int? NumCachedTokens);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(Completion))]
internal sealed partial class MistralJson : JsonSerializerContext;
