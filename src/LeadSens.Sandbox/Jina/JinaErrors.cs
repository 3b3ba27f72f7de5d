using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Jina;

/// <summary><c>{data: null, code, name, status, message, readableMessage}</c>; the first three digits of <c>status</c> are the HTTP status.</summary>
internal static class JinaErrors
{
    public static Reply Of(int status, string? message) => status switch
    {
        400 => Write(400, 40001, "ParamValidationError", message ?? "Invalid parameters"),
        401 => Write(401, 40103, "AuthenticationFailedError", message ?? "Invalid API key, please get a new one from https://jina.ai"),
        402 => Write(402, 40203, "InsufficientBalanceError", message ?? "Account balance not enough to run this query, please recharge."),
        403 => Write(403, 40302, "OperationNotAllowedError", message ?? "Operation not allowed"),
        409 => Write(409, 40904, "BudgetExceededError", message ?? "Token budget exceeded"),
        429 => Write(429, 42903, "RateLimitTriggeredError", message ?? "Per IP rate limit exceeded (20 requests per 60 seconds)"),
        >= 500 => Write(status, status * 100 + 1, "ServiceUnavailableError", message ?? "Service is temporarily unavailable"),
        _ => Write(status, status * 100 + 1, "ApplicationError", message ?? "The request failed"),
    };

    public static Reply Write(int status, int code, string name, string message) => Reply.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteNull("data");
        json.WriteNumber("code", status);
        json.WriteString("name", name);
        json.WriteNumber("status", code);
        json.WriteString("message", message);
        json.WriteString("readableMessage", $"{name}: {message}");
        json.WriteEndObject();
    });
}
