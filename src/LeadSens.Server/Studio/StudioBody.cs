using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Studio;

/// <summary>A request's JSON object as it came, so that nothing of it is lost; without a body it is empty. With a <paramref name="Problem"/>
/// the request is refused before its handler runs.</summary>
internal sealed record StudioBody(JsonObject Json, string? Problem)
{
    /// <summary>Whoever may only look has nothing large to say.</summary>
    private const int MostOfReaders = 256 * 1024;

    private const int FarTooMuch = 4;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static async ValueTask<StudioBody> BindAsync(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<IOptions<JsonLimits>>().Value;
        if (context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { Permission: Permission.Read }) limits = limits with { MaxBytes = Math.Min(limits.MaxBytes, MostOfReaders) };
        if (context.Request.ContentLength > limits.MaxBytes)
        {
            if (context.Request.ContentLength > FarTooMuch * limits.MaxBytes) LeaveUnread(context);
            return Refused(limits.TooLarge);
        }
        using var bytes = new MemoryStream();
        return await CopyAsync(context.Request.Body, bytes, limits.MaxBytes, context.RequestAborted) ? Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), limits) : Refused(limits.TooLarge);
    }

    public static StudioBody Parse(ReadOnlySpan<byte> utf8, JsonLimits limits)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (utf8.IsEmpty) return new([], null);
        if (limits.ProblemOf(utf8) is { } problem) return Refused(problem);
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
    public static async Task<bool> CopyAsync(Stream from, MemoryStream to, int most, CancellationToken cancellationToken)
    {
        var part = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (to.Length + read > most) return false;
            to.Write(part, 0, read);
        }
        return true;
    }

    /// <summary>The texts of an array; nothing when there is none.</summary>
    public IReadOnlyList<string> Texts(string name) => Json[name] is JsonArray list ? [.. list.OfType<JsonValue>().Select(Text).OfType<string>().Distinct()] : [];

    public string? Text(string name) => Text(Json[name]);

    public bool Flag(string name) => Json[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The server reads what is left of a body before the next request of the connection. This one it closes instead.</summary>
    private static void LeaveUnread(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = 0;
    }

    private static StudioBody Refused(string problem) => new([], problem);
}
