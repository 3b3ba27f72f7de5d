using LeadSens.Engine.BuiltIn;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Sends idempotent requests again while the other side is busy or away, for those boxes that ask for it. What the other side says about
/// when to come back counts; when that is too far off, its answer stands.</summary>
internal sealed class CallRetries
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<HttpCallResult> _pipeline;
    private readonly TimeProvider _time;

    public CallRetries(IOptions<OutgoingOptions> options, TimeProvider time)
    {
        _time = time;
        var builder = new ResiliencePipelineBuilder<HttpCallResult> { TimeProvider = time };
        if (options.Value.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpCallResult>
            {
                MaxRetryAttempts = options.Value.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(options.Value.RetryDelayMilliseconds),
                MaxDelay = LongestWait,
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result is { } result && MayPass(result)),
                DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result is HttpCallResult.Answered answer ? AskedWait(answer) : null),
            });
        }

        _pipeline = builder.Build();
    }

    public async Task<HttpCallResult> RunAsync(HttpCall call, Func<CancellationToken, Task<HttpCallResult>> send, CancellationToken cancellationToken) =>
        call.Retries && CallMessage.IsIdempotent(HttpMethod.Parse(call.Method.ToUpperInvariant()))
            ? await _pipeline.ExecuteAsync(async token => await send(token), cancellationToken)
            : await send(cancellationToken);

    private bool MayPass(HttpCallResult result) => result switch
    {
        HttpCallResult.NotConnected or HttpCallResult.TimedOut => true,
        HttpCallResult.Answered { StatusCode: 408 or 429 or 500 or 502 or 503 or 504 } answer => AskedWait(answer) is not { } wait || wait <= LongestWait,
        _ => false,
    };

    private TimeSpan? AskedWait(HttpCallResult.Answered answer)
    {
        if (!answer.Headers.TryGetValue("Retry-After", out var values) || values is not [var text, ..]) return null;
        if (!System.Net.Http.Headers.RetryConditionHeaderValue.TryParse(text, out var asked)) return null;
        var wait = asked.Delta ?? asked.Date - _time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
