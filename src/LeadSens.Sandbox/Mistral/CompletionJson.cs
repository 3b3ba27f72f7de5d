using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>A completion as one object, or as events with the usage in the last one.</summary>
internal static class CompletionJson
{
    private const int PieceLength = 24;
    private const long Created = 1_795_132_800;
    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Reply Whole(Completion completion) => Reply.Json(200, json =>
    {
        Head(json, completion, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteString("finish_reason", completion.Finish);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", completion.Text);
        Calls(json, completion.Calls);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        Usage(json, completion);
        json.WriteEndObject();
    });

    public static Reply Stream(Completion completion)
    {
        var events = new List<ReadOnlyMemory<byte>> { Event(completion, json => json.WriteString("role", "assistant")) };
        for (var start = 0; start < completion.Text.Length;)
        {
            var end = Math.Min(completion.Text.Length, start + PieceLength);
            end = end < completion.Text.Length && char.IsLowSurrogate(completion.Text[end]) ? end + 1 : end;
            var piece = completion.Text[start..end];
            events.Add(Event(completion, json => json.WriteString("content", piece)));
            start = end;
        }

        events.Add(Event(completion, json =>
        {
            json.WriteString("content", "");
            Calls(json, completion.Calls);
        }, last: true));
        events.Add("data: [DONE]\n\n"u8.ToArray());
        return new Reply(200, "text/event-stream; charset=utf-8", default) { Events = events };
    }

    private static ReadOnlyMemory<byte> Event(Completion completion, Action<Utf8JsonWriter> delta, bool last = false)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(buffer, Writer))
        {
            Head(json, completion, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", 0);
            json.WriteStartObject("delta");
            delta(json);
            json.WriteEndObject();
            json.WriteString("finish_reason", last ? completion.Finish : null);
            json.WriteEndObject();
            json.WriteEndArray();
            if (last)
            {
                Usage(json, completion);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n\n"u8);
        return buffer.WrittenMemory;
    }

    private static void Head(Utf8JsonWriter json, Completion completion, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", completion.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", Created);
        json.WriteString("model", completion.Model);
    }

    private static void Calls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        if (calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls");
        for (var i = 0; i < calls.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("id", calls[i].Id);
            json.WriteString("type", "function");
            json.WriteNumber("index", i);
            json.WriteStartObject("function");
            json.WriteString("name", calls[i].Name);
            json.WriteString("arguments", calls[i].Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Usage(Utf8JsonWriter json, Completion completion)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", completion.TokensIn);
        json.WriteNumber("completion_tokens", completion.TokensOut);
        json.WriteNumber("total_tokens", completion.TokensIn + completion.TokensOut);
        json.WriteEndObject();
    }
}
