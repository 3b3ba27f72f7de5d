using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Sends an HTTP request and goes on by what came back. What ran before it is committed first, so that a crash repeats this request
/// alone, and with the same Idempotency-Key.</summary>
public abstract class HttpRequestBox : Container
{
    [Input(DisplayName = "URL", Description = "Where the request goes: http:// or https://.")]
    public Input<string> Url { get; } = new();

    [Input(Description = "The HTTP method.", Options = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"], Order = 1)]
    public Input<string> Method { get; } = new("GET");

    [Input(Description = "The body: text as it is, an object as JSON (or as a form).", UiHint = "multiline", Order = 2)]
    public Input<object> Content { get; } = new();

    [Input(Description = "The body's type; chosen by the body where it is empty.", UiHint = "dropdown", Order = 3,
        Options = ["", "application/json", "text/plain", "text/html", "application/xml", "application/x-www-form-urlencoded"])]
    public Input<string> ContentType { get; } = new();

    [Input(Description = "The Authorization header, for example: Bearer {token}.", Category = "Security", Order = 4)]
    public Input<string> Authorization { get; } = new();

    [Input(Description = "Sends an Authorization that has no scheme as it is.", Category = "Security", Order = 5)]
    public Input<bool> DisableAuthorizationHeaderValidation { get; } = new();

    [Input(Description = "More headers, by name: a text or a list of texts.", Category = "Advanced", UiHint = "json-editor", Order = 6)]
    public Input<JsonObject> RequestHeaders { get; } = new();

    [Input(Description = "Sends GET, HEAD, OPTIONS, PUT and DELETE again, a few times, when the other side is busy or does not answer.", Category = "Resilience", Order = 7)]
    public Input<bool> EnableResiliency { get; } = new();

    [Output(Description = "The parsed content.")]
    public Output<object> Result { get; } = new();

    [Output(Description = "The status of the answer.", Order = 1)]
    public Output<int> StatusCode { get; } = new();

    [Output(Description = "The parsed content: what JSON says, other text as text, everything else as base64.", Order = 2)]
    public Output<object> ParsedContent { get; } = new();

    [Output(Description = "The headers of the answer, by name; each is a list.", Order = 3)]
    public Output<JsonElement> ResponseHeaders { get; } = new();

    internal override bool IsExecuted => true;

    internal override bool ActsOutside => true;

    internal sealed override IReadOnlyList<string>? Begin(Burst burst, Execution self) => throw new InvalidOperationException("It is executed.");

    /// <inheritdoc/>
    public sealed override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var burst = (BurstContext)context;
        switch (await context.Service<IHttpCalls>().SendAsync(CallOf(context), context.CancellationToken))
        {
            case HttpCallResult.Answered answer:
                SetOutputs(context, answer);
                return Answered(burst, answer.StatusCode);
            case HttpCallResult.NotConnected lost:
                context.Note("error", lost.Message);
                return NotConnected(burst);
            case HttpCallResult.TimedOut late:
                context.Note("error", $"No answer within {late.After.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.");
                return TimedOut(burst);
            case HttpCallResult.Refused refused:
                return Fault(refused.Code, $"The request of {Title} was not sent or not taken: {refused.Message}");
            default:
                throw new InvalidOperationException("A call has no other results.");
        }
    }

    private protected abstract ActivityResult Answered(BurstContext context, int statusCode);

    private protected abstract ActivityResult NotConnected(BurstContext context);

    private protected abstract ActivityResult TimedOut(BurstContext context);

    private HttpCall CallOf(ActivityContext context)
    {
        var body = HttpText.Write(context.Get(Content), context.Get(ContentType));
        var headers = context.Get(RequestHeaders) is { } given ? HttpText.Headers(Value.ToElement(Value.From(given))).ToList() : [];
        return new(context.Get(Method) is { Length: > 0 } method ? method : "GET", context.Get(Url) ?? "", body?.Text, body?.Type, $"{context.InstanceId:N}-{context.ExecutionId:N}")
        {
            Authorization = context.Get(Authorization),
            ValidatesAuthorization = !context.Get(DisableAuthorizationHeaderValidation),
            Headers = headers,
            Retries = context.Get(EnableResiliency),
        };
    }

    private void SetOutputs(ActivityContext context, HttpCallResult.Answered answer)
    {
        context.Set(StatusCode, answer.StatusCode);
        context.Set(ResponseHeaders, JsonSerializer.SerializeToElement(answer.Headers));
        context.Set(ParsedContent, answer.Content);
        context.Set(Result, answer.Content);
    }
}
