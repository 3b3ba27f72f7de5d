using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Api;

/// <summary>A request that could not be bound (a value of the wrong type, broken JSON, a body that is too large) is answered like any
/// other bad input: by field where one can be named.</summary>
internal sealed class UnreadableRequest : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // A form that has too many fields, or one that is too long, breaks its reader; so does one that is cut off.
        // Whoever looks for the anti-forgery token reads the form first, and wraps what is wrong with that.
        var problem = (exception is AntiforgeryValidationException { InnerException: { } read } ? read : exception) is BadHttpRequestException bad ? ProblemOf(bad)
            : exception is InvalidDataException && httpContext.Request.HasFormContentType ? Problems.Of(StatusCodes.Status400BadRequest, "bad_request", "The form cannot be read.") : null;
        if (problem is null) return false;
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static ProblemHttpResult ProblemOf(BadHttpRequestException bad) => bad switch
    {
        TextRefusedException text => Problems.Validation(Error(text.Field, text.Problem)),
        { InnerException: JsonException json } when json is TextRefusedJsonException || json.InnerException is JsonException
            || FieldOf(json.Path) is not null => Problems.Validation(ErrorsOf(json)),
        { StatusCode: StatusCodes.Status400BadRequest } when LacksBody(bad) => Problems.Validation(Error("body", "The body is not the JSON object that is expected here.")),
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problems.Of(bad.StatusCode, "payload_too_large", "The request is too large."),
        { StatusCode: StatusCodes.Status408RequestTimeout } => Problems.Of(bad.StatusCode, "request_timeout", "The request came too slowly."),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Problems.Of(bad.StatusCode, "unsupported_media_type", "Send JSON: Content-Type: application/json."),
        _ => Problems.Of(bad.StatusCode, "bad_request", "The request cannot be read."),
    };

    /// <summary>What is wrong with a body, by field where one can be named.</summary>
    public static Dictionary<string, string[]> ErrorsOf(JsonException unreadable) => unreadable switch
    {
        TextRefusedJsonException text => Error(FieldOf(text.Path) ?? "body", text.Problem),
        { InnerException: JsonException } => Error("body", "The body is not well-formed JSON."),
        _ when FieldOf(unreadable.Path) is { } field => Error(field, "The value is of the wrong type; /openapi/v1.json has the right one."),
        _ => Error("body", "The body is not the JSON object that is expected here."),
    };

    /// <summary>Binding says only in its words that a body was required.</summary>
    private static bool LacksBody(BadHttpRequestException bad) => bad.InnerException is JsonException || bad.Message.Contains("body", StringComparison.Ordinal);

    private static Dictionary<string, string[]> Error(string field, string message) => new() { [field] = [message] };

    /// <summary>A path like <c>$.icp.jobTitles[2]</c> as the field that callers know, <c>icp.jobTitles</c>; null for the body itself.</summary>
    private static string? FieldOf(string? path)
    {
        if (path is not ['$', '.', .. var field]) return null;
        var index = field.IndexOf('[', StringComparison.Ordinal);
        return index < 0 ? field : index == 0 ? null : field[..index];
    }
}
