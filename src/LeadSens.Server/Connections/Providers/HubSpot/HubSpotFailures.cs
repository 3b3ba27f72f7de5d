using System.Text.Json;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>HubSpot's errors: <c>{status: "error", message, category | errorType, policyName, correlationId}</c>, every field optional.</summary>
internal sealed class HubSpotFailures(TimeProvider clock) : FailureReader(HubSpotOptions.Name, clock)
{
    protected override ProviderError ReadError(JsonElement body)
    {
        var category = body.Text("policyName") ?? body.Text("errorType") ?? body.Text("category");
        return new(body.Text("status") == "error" ? StatusOf(body) : null, category, body.Text("message"));
    }

    protected override ProviderFailureKind? KindOf(int status, ProviderError error) => (status, error.Code) switch
    {
        (429, "DAILY") => ProviderFailureKind.QuotaExhausted,
        (477, _) => ProviderFailureKind.Unavailable,
        _ => null,
    };

    /// <summary>The waits of the vendor's own client.</summary>
    protected override TimeSpan? WaitOf(int status, ProviderError error) => (status, error.Code) switch
    {
        (429, "TEN_SECONDLY_ROLLING") => TimeSpan.FromSeconds(10),
        (429, "SECONDLY") => TimeSpan.FromSeconds(1),
        (423, _) => TimeSpan.FromSeconds(2),
        _ => null,
    };

    /// <summary>An error inside a good status names only its category.</summary>
    private static int StatusOf(JsonElement body) => (body.Text("errorType") ?? body.Text("category")) switch
    {
        "RATE_LIMIT" or "RATE_LIMITS" => 429,
        "INVALID_AUTHENTICATION" or "EXPIRED_AUTHENTICATION" => 401,
        "MISSING_SCOPES" or "BANNED" => 403,
        "OBJECT_NOT_FOUND" => 404,
        "CONFLICT" => 409,
        "VALIDATION_ERROR" or "INVALID_PARAMS" => 400,
        _ => 500,
    };
}
