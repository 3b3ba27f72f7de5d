using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Answers the HTTP request that the run took last. The caller gets it once the burst is committed; when nobody waits for it any more, the run
/// goes on all the same.</summary>
[Activity("Elsa", Category = "HTTP", DisplayName = "HTTP Response", Description = "Answers the HTTP request.")]
public sealed class WriteHttpResponse : Activity
{
    [Input(Description = "The status: a number, or its name.", UiHint = "dropdown",
        Options = ["OK", "Created", "Accepted", "NoContent", "MovedPermanently", "Found", "SeeOther", "BadRequest", "Unauthorized", "Forbidden", "NotFound", "Conflict", "Gone", "UnprocessableEntity", "TooManyRequests", "InternalServerError", "BadGateway", "ServiceUnavailable"])]
    public Input<string> StatusCode { get; } = new("OK");

    [Input(Description = "The content: text as it is, an object as JSON.", UiHint = "multiline", Order = 1)]
    public Input<object> Content { get; } = new();

    [Input(Description = "The content's type; chosen by the content where it is empty.", UiHint = "dropdown", Order = 2,
        Options = ["", "application/json", "text/plain", "text/html", "text/csv", "application/xml"])]
    public Input<string> ContentType { get; } = new();

    [Input(Description = "More headers, by name: a text or a list of texts.", Category = "Advanced", UiHint = "json-editor", Order = 3)]
    public Input<JsonObject> ResponseHeaders { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var content = HttpText.Write(context.Get(Content), context.Get(ContentType));
        var headers = context.Get(ResponseHeaders) is { } given ? HttpText.Headers(Value.ToElement(Value.From(given))).ToList() : [];
        var answer = new HttpAnswer(StatusOf(context.Get(StatusCode)), content?.Text, content?.Type, headers);
        if (HttpAnswerRules.Problem(answer) is { } problem) return ValueTask.FromResult(Fault("http_response_invalid", $"The answer of {Title} was not sent: {problem}"));
        context.Enlist(context.Service<IHttpAnswers>().Answer(context.InstanceId, answer));
        return ValueTask.FromResult(Done);
    }

    /// <summary>Zero when it is no status.</summary>
    private static int StatusOf(string? status) => string.IsNullOrWhiteSpace(status) ? (int)HttpStatusCode.OK
        : int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : Enum.TryParse<HttpStatusCode>(status, ignoreCase: true, out var named) ? (int)named : 0;
}
