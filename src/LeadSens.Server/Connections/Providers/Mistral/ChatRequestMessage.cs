using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Writes messages: texts, the model's tool calls, and the tools' results (one message each).</summary>
internal static class ChatRequestMessage
{
    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Role == ChatRole.Tool)
        {
            foreach (var content in message.Contents)
                if (content is FunctionResultContent result) WriteResult(json, result);
            return;
        }

        if (message.Role == ChatRole.Assistant && message.Contents.Any(content => content is FunctionCallContent))
        {
            WriteCalls(json, message);
            return;
        }

        WriteText(json, message.Role == ChatRole.System ? "system"u8 : message.Role == ChatRole.Assistant ? "assistant"u8 : "user"u8, message.Text);
    }

    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, message.Text);
        json.WriteStartArray("tool_calls"u8);
        foreach (var content in message.Contents)
        {
            if (content is not FunctionCallContent call) continue;
            json.WriteStartObject();
            json.WriteString("id"u8, call.CallId);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, ToolValues.Text(call.Arguments));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        json.WriteString("content"u8, result.Result as string ?? ToolValues.Text(result.Result));
        json.WriteEndObject();
    }
}
