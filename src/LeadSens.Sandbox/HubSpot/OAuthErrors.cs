using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>RFC 6749's errors with HubSpot's own status beside them: <c>{error, error_description, status, message}</c>.</summary>
internal static class OAuthErrors
{
    public static Reply InvalidClient() => Of("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client id or client secret");

    public static Reply InvalidCode(string why) => Of("invalid_grant", "BAD_AUTH_CODE", why);

    public static Reply InvalidRefreshToken() => Of("invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token");

    public static Reply RedirectMismatch() => Of("invalid_grant", "MISMATCH_REDIRECT_URI_AUTH_CODE", "redirect_uri does not match the one of the auth code");

    public static Reply InvalidRequest(string why) => Of("invalid_request", "BAD_REQUEST", why);

    private static Reply Of(string error, string status, string message) => Reply.Json(400, json =>
    {
        json.WriteStartObject();
        json.WriteString("error", error);
        json.WriteString("error_description", message);
        json.WriteString("status", status);
        json.WriteString("message", message);
        json.WriteString("correlationId", "7b9f1c4e-5a7d-4f7b-9a53-2f1a6d1f0c11");
        json.WriteEndObject();
    });
}
