using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Server.Studio;

/// <summary>A request's JSON object as it came, so that nothing of it is lost; without a body it is empty. With a <paramref name="Problem"/>
/// the request is refused before its handler runs.</summary>
internal sealed record StudioBody(JsonObject Json, string? Problem)
{
    public const int MaxBytes = 20 * 1024 * 1024;

    public const string TooLarge = "The JSON is larger than 20 MB, which is the most that a workflow may have.";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static async ValueTask<StudioBody> BindAsync(HttpContext context)
    {
        using var bytes = new MemoryStream();
        return await CopyAsync(context.Request.Body, bytes, context.RequestAborted) ? Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) : Refused(TooLarge);
    }

    public static StudioBody Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (utf8.IsEmpty) return new([], null);
        try
        {
            return JsonNode.Parse(utf8, documentOptions: Strict) is JsonObject json ? new(json, null) : Refused("A JSON object is expected here.");
        }
        catch (JsonException broken)
        {
            return Refused($"The text is not JSON: {broken.Message}");
        }
    }

    /// <summary>False when there is more than fits.</summary>
    public static async Task<bool> CopyAsync(Stream from, MemoryStream to, CancellationToken cancellationToken)
    {
        var part = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (to.Length + read > MaxBytes) return false;
            to.Write(part, 0, read);
        }
        return true;
    }

    /// <summary>The texts of an array; nothing when there is none.</summary>
    public IReadOnlyList<string> Texts(string name) => Json[name] is JsonArray list ? [.. list.OfType<JsonValue>().Select(Text).OfType<string>().Distinct()] : [];

    public string? Text(string name) => Text(Json[name]);

    public bool Flag(string name) => Json[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static StudioBody Refused(string problem) => new([], problem);
}
