using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LeadSens.Sandbox.Http;

/// <summary>An answer, built whole before the first byte leaves.</summary>
internal sealed record Reply(int Status, string ContentType, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Sent and flushed one by one after the body: a stream of events.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Events { get; init; } = [];

    public static Reply Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Writer))
        {
            write(json);
        }

        return new Reply(status, "application/json; charset=utf-8", buffer.WrittenMemory);
    }

    public static Reply Text(int status, string contentType, string text) => new(status, contentType, Encoding.UTF8.GetBytes(text));

    public Reply With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };

    public Reply RetryAfter(int? seconds) => seconds is { } wait ? With("Retry-After", $"{wait}") : this;
}
