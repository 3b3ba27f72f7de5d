using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Writes a chat request with the fields of Mistral's closed schema only: an unknown one is refused with 422.</summary>
internal static class ChatRequest
{
    private const string DefaultModel = "mistral-large-latest";

    /// <summary>Texts go out as they are, not as escapes: fewer bytes, and nothing here becomes HTML.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static PooledBuffer Write(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var buffer = new PooledBuffer(16 * 1024);
        using var json = new Utf8JsonWriter(buffer, Plain);
        json.WriteStartObject();
        json.WriteString("model"u8, options?.ModelId ?? DefaultModel);
        json.WriteStartArray("messages"u8);
        if (options?.Instructions is { Length: > 0 } instructions) ChatRequestMessage.WriteText(json, "system"u8, instructions);
        foreach (var message in messages) ChatRequestMessage.Write(json, message);
        json.WriteEndArray();
        if (stream) json.WriteBoolean("stream"u8, true);
        if (options is not null) WriteOptions(json, options);
        json.WriteEndObject();
        return buffer;
    }

    private static void WriteOptions(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (options.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (options.MaxOutputTokens is { } tokens) json.WriteNumber("max_tokens"u8, tokens);
        if (options.Seed is { } seed) json.WriteNumber("random_seed"u8, seed);
        if (options.PresencePenalty is { } presence) json.WriteNumber("presence_penalty"u8, presence);
        if (options.FrequencyPenalty is { } frequency) json.WriteNumber("frequency_penalty"u8, frequency);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in stops) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        if (options.ResponseFormat is ChatResponseFormatJson format) WriteFormat(json, format);
        if (options.Tools is { Count: > 0 } tools) ChatRequestTools.Write(json, tools, options);
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatResponseFormatJson format)
    {
        json.WriteStartObject("response_format"u8);
        if (format.Schema is not { } schema)
        {
            json.WriteString("type"u8, "json_object"u8);
        }
        else
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.SchemaName ?? "answer");
            if (format.SchemaDescription is { } description) json.WriteString("description"u8, description);
            json.WriteBoolean("strict"u8, true);
            json.WritePropertyName("schema"u8);
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(schema), skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
