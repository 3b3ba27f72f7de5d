using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>The most bytes that a request has, and so the most tokens: no tokenizer makes more of them.</summary>
internal static class PromptSize
{
    /// <summary>More than the frame of a request of four messages has beside its texts and its schema.</summary>
    private const int FrameBytes = 500;

    private const int MessagesInFrame = 4;

    /// <summary>More than each further message, tool, call of a tool or result of one has beside its texts.</summary>
    private const int PartBytes = 100;

    public static long Of(ChatMessage[] messages, ChatOptions options)
    {
        long bytes = FrameBytes + PartBytes * Math.Max(0, messages.Length - MessagesInFrame) + Of(options.Instructions);
        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema }) bytes += Of(schema);
        foreach (var tool in options.Tools ?? [])
            if (tool is AIFunctionDeclaration function) bytes += PartBytes + Of(function.Name) + Of(function.Description) + Of(function.JsonSchema);
        foreach (var message in messages)
            foreach (var content in message.Contents) bytes += Of(content);
        return bytes;
    }

    /// <summary>Of what is sent: texts, calls of tools and their results.</summary>
    private static long Of(AIContent content) => content switch
    {
        TextContent text => Of(text.Text),
        FunctionCallContent call => PartBytes + Of(call.CallId) + Of(call.Name) + Json(call.Arguments),
        FunctionResultContent result => PartBytes + Of(result.CallId) + (result.Result is string text ? Of(text) : Json(result.Result)),
        _ => 0,
    };

    private static long Of(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static long Of(JsonElement json) => JsonMarshal.GetRawUtf8Value(json).Length;

    private static long Json(object? value) =>
        value is JsonElement json ? Of(json) : JsonSerializer.SerializeToUtf8Bytes(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))).Length;
}
