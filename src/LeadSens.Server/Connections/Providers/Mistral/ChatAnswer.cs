using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Reads Mistral's answers into the framework's types.</summary>
internal static class ChatAnswer
{
    private const long LastSecond = 253_402_300_799;

    /// <exception cref="JsonException">It is not an answer.</exception>
    public static ChatResponse Read(ReadOnlySpan<byte> body)
    {
        var completion = MistralJson.Default.Completion.Read(body);
        if (completion.Choices is not [{ Message: { } message } choice, ..]) throw new JsonException("An answer has a choice with a message.");
        var answer = new ChatMessage(ChatRole.Assistant, Text(message.Content));
        foreach (var call in message.ToolCalls)
            if (call.Function is { Name: { } name } function) answer.Contents.Add(ToolValues.Call(call.Id ?? "", name, Arguments(function.Arguments)));
        return new(answer)
        {
            ResponseId = completion.Id,
            ModelId = completion.Model,
            CreatedAt = completion.Created is { } seconds and >= 0 and <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            FinishReason = Finish(choice.FinishReason),
            Usage = Usage(completion.Usage),
        };
    }

    public static UsageDetails? Usage(CompletionUsage? usage) => usage is null ? null : new()
    {
        InputTokenCount = usage.PromptTokens,
        OutputTokenCount = usage.CompletionTokens,
        TotalTokenCount = usage.TotalTokens ?? usage.PromptTokens + usage.CompletionTokens,
        CachedInputTokenCount = usage.NumCachedTokens,
    };

    public static ChatFinishReason? Finish(string? reason) => reason switch
    {
        null => null,
        "stop" => ChatFinishReason.Stop,
        "length" or "model_length" => ChatFinishReason.Length,
        "tool_calls" => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason),
    };

    /// <summary>The text of a message; what a reasoning model thinks beside it is left out.</summary>
    public static string Text(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray()
            .Where(chunk => chunk.ValueKind == JsonValueKind.Object && chunk.Text("type") is null or "text")
            .Select(chunk => chunk.Text("text"))),
        _ => "",
    };

    public static string Arguments(JsonElement arguments) => arguments.ValueKind switch
    {
        JsonValueKind.String => arguments.GetString()!,
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        _ => arguments.GetRawText(),
    };
}
