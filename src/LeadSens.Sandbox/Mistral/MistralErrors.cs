using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>The documented error object, FastAPI's 422 and the other shape that 401 has.</summary>
internal static class MistralErrors
{
    public static Reply Of(int status, string? message)
    {
        if (status == 401)
        {
            return Reply.Text(401, "application/json", """{"message":"Unauthorized","request_id":"5f0e0b2c9f8a4b7e"}""");
        }

        var (type, usual) = status switch
        {
            400 => ("invalid_request_error", "Bad request"),
            402 => ("payment_required", "Your credits are used up"),
            403 => ("forbidden", "You do not have access to this resource"),
            404 => ("not_found", "Not found"),
            422 => ("invalid_request_error", "Unprocessable request"),
            429 => ("rate_limited", "Requests rate limit exceeded"),
            503 => ("service_unavailable", "Service unavailable"),
            _ => ("internal_server_error", "Internal server error"),
        };
        return Reply.Json(status, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "error");
            json.WriteString("message", message ?? usual);
            json.WriteString("type", type);
            json.WriteNull("param");
            json.WriteString("code", (status * 10).ToString());
            json.WriteEndObject();
        });
    }

    /// <summary>422 as FastAPI writes it.</summary>
    public static Reply Detail(string type, string message, params string[] location) => Reply.Json(422, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("detail");
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartArray("loc");
        json.WriteStringValue("body");
        foreach (var part in location)
        {
            json.WriteStringValue(part);
        }

        json.WriteEndArray();
        json.WriteString("msg", message);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
