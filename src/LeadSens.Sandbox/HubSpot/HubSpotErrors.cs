using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.HubSpot;

/// <summary><c>{status, message, correlationId, category}</c>, and the other shape that 429 has.</summary>
internal static class HubSpotErrors
{
    private const string Correlation = "7b9f1c4e-5a7d-4f7b-9a53-2f1a6d1f0c11";

    public static Reply Of(int status, string? message) => status switch
    {
        429 => Write(status, message ?? "You have reached your ten_secondly_rolling limit.", [("errorType", "RATE_LIMIT"), ("policyName", "TEN_SECONDLY_ROLLING")]),
        401 => Write(status, message ?? "Authentication credentials not found. This API supports OAuth 2.0 authentication.", [("category", "INVALID_AUTHENTICATION")]),
        403 => Write(status, message ?? "This app hasn't been granted all required scopes to make this call.", [("category", "MISSING_SCOPES")]),
        402 => Write(status, message ?? "The account has reached its contact limit.", [("category", "PAYMENT_REQUIRED")]),
        404 => Write(status, message ?? "resource not found", [("category", "OBJECT_NOT_FOUND")]),
        409 => Write(status, message ?? "Contact already exists.", [("category", "CONFLICT")]),
        423 => Write(status, message ?? "The resource is locked", [("category", "LOCKED")]),
        >= 500 => Write(status, message ?? "internal error", [("category", "INTERNAL_ERROR")]),
        _ => Write(status, message ?? "Invalid input", [("category", "VALIDATION_ERROR")]),
    };

    public static Reply Invalid(string message) => Of(400, message);

    private static Reply Write(int status, string message, ReadOnlySpan<(string Name, string Value)> more)
    {
        (string Name, string Value)[] members = [("status", "error"), ("message", message), ("correlationId", Correlation), .. more];
        return Reply.Json(status, json =>
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        });
    }
}
