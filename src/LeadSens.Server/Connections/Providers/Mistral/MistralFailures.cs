using System.Text.Json;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Mistral's errors: <c>{object: "error", message, type, code}</c>, a 422's <c>{detail: [{loc, msg}]}</c>, and a 401's
/// <c>{message, request_id}</c>; other servers of the same API nest the first one in <c>error</c>.</summary>
internal sealed class MistralFailures(TimeProvider clock) : FailureReader(MistralOptions.Name, clock)
{
    protected override ProviderError ReadError(JsonElement body)
    {
        if (body.TryGetProperty("error", out var nested) && nested.ValueKind == JsonValueKind.Object)
            return new(StatusOf(nested), nested.Text("type"), nested.Text("message"));
        if (body.TryGetProperty("detail", out var detail)) return new(422, "validation", Detail(detail));
        var isError = body.Text("object") == "error";
        return new(isError ? StatusOf(body) : null, body.Text("type"), body.Text("message"));
    }

    /// <summary>An error inside a good status names its HTTP status in its code, or only its type.</summary>
    private static int StatusOf(JsonElement error)
    {
        var code = error.Number("code") ?? (int.TryParse(error.Text("code"), out var number) ? number : 0);
        if (code is >= 400 and <= 599) return code;
        var type = error.Text("type") ?? "";
        return type.Contains("rate_limit", StringComparison.OrdinalIgnoreCase) ? 429
            : type.Contains("auth", StringComparison.OrdinalIgnoreCase) ? 401
            : type.StartsWith("invalid", StringComparison.OrdinalIgnoreCase) ? 400
            : 500;
    }

    /// <summary>Which field is refused and why, without its value.</summary>
    private static string? Detail(JsonElement detail) => detail.ValueKind switch
    {
        JsonValueKind.String => detail.GetString(),
        JsonValueKind.Array => string.Join("; ", detail.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).Take(3).Select(one =>
            $"{(one.TryGetProperty("loc", out var path) ? path.ToString() : "")} {one.Text("msg")}".Trim())),
        _ => null,
    };
}
