using System.Net;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Jobs;

namespace LeadSens.Server.Connections.Providers.Slack;

/// <summary>Posts to an incoming webhook. The address is the secret: it stands in no log, no trace and no failure.</summary>
internal sealed class SlackClient(TimeProvider clock, Limits limits, LimitRegistry registry) : IDisposable
{
    public const string Provider = "slack";

    /// <summary>What Slack allows in a channel.</summary>
    private static readonly LimitRule OneASecond = new(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Timeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5), Proxy = new LoopbackBypass(HttpClient.DefaultProxy),
        // Without a propagator the handler makes no activity, whose tags would hold the address.
        ActivityHeadersPropagator = null,
    });

    /// <summary>Null when it was posted. A message of which nobody knows whether it was taken is a Conflict and not posted again: a channel shall not hear everything twice.</summary>
    /// <param name="beginAsync">Asked when only the post is missing: whether this attempt may make it.</param>
    public async Task<ProviderFailure?> PostAsync(Guid workspaceId, string url, object message, Func<CancellationToken, Task<bool>> beginAsync, CancellationToken cancellationToken)
    {
        registry.Set(KeyOf(workspaceId), OneASecond);
        using var turn = await limits.EnterAsync(KeyOf(workspaceId), cancellationToken);
        if (!await beginAsync(cancellationToken)) return Unknown("Another attempt posted this message, or is about to.");
        using var limit = new CallTimeout(Timeout, clock, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(JsonSerializer.Serialize(message), Encoding.UTF8, "application/json") };
        try
        {
            using var answer = await _invoker.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode ? null : FailureOf(answer);
        }
        catch (HttpRequestException lost) when (lost.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            return new(ProviderFailureKind.Unavailable, Provider, "Slack cannot be reached.");
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException || limit.TimedOut && lost is OperationCanceledException)
        {
            return Unknown("Slack did not answer after it was given the message: it may stand in the channel. It is not posted again.");
        }
    }

    public static ProviderFailure Unknown(string why) => new(ProviderFailureKind.Conflict, Provider, why);

    /// <summary>A workspace's channel, as its limit is named.</summary>
    public static string KeyOf(Guid workspaceId) => $"{Provider}:{workspaceId}";

    public void Dispose() => _invoker.Dispose();

    private ProviderFailure FailureOf(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => new(ProviderFailureKind.RateLimited, Provider, "Slack asks to wait.", FailureReader.Wait(answer.Headers.RetryAfter, clock)) { Status = 429 },
        HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden =>
            new(ProviderFailureKind.NotFound, Provider, $"Slack does not take messages at this address any more ({(int)answer.StatusCode}). Make a new webhook in Slack and set it here.") { Status = (int)answer.StatusCode },
        HttpStatusCode.ServiceUnavailable =>
            new(ProviderFailureKind.Unavailable, Provider, "Slack takes no messages just now (503).", FailureReader.Wait(answer.Headers.RetryAfter, clock)) { Status = 503 },
        // Proves nothing: what stands behind the one that answered may have taken it.
        >= HttpStatusCode.InternalServerError =>
            Unknown($"Slack answered {(int)answer.StatusCode} after it was given the message: it may stand in the channel. It is not posted again.") with { Status = (int)answer.StatusCode },
        _ => new(ProviderFailureKind.Invalid, Provider, $"Slack refused the message ({(int)answer.StatusCode}).") { Status = (int)answer.StatusCode },
    };
}
