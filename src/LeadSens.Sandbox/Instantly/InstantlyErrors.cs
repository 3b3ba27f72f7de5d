using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary><c>{statusCode, error, message}</c></summary>
internal static class InstantlyErrors
{
    public static Reply Of(int status, string? message) => Body(status, status, message);

    public static Reply Invalid(string message) => Of(400, message);

    public static Reply Body(int httpStatus, int status, string? message)
    {
        var (error, usual) = Words(status);
        return Reply.Json(httpStatus, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("statusCode", status);
            json.WriteString("error", error);
            json.WriteString("message", message ?? usual);
            json.WriteEndObject();
        });
    }

    private static (string Error, string Message) Words(int status) => status switch
    {
        400 => ("Bad Request", "Validation failed"),
        401 => ("Unauthorized", "Invalid API key"),
        402 => ("Payment Required", "Your plan does not include this feature or your credits are used up"),
        403 => ("Forbidden", "The API key lacks the required scope"),
        404 => ("Not Found", "Resource not found"),
        409 => ("Conflict", "Resource conflict"),
        429 => ("Too Many Requests", "Rate limit exceeded"),
        502 => ("Bad Gateway", "Bad gateway"),
        503 => ("Service Unavailable", "Service temporarily unavailable"),
        _ => ("Internal Server Error", "An unexpected error occurred"),
    };
}
