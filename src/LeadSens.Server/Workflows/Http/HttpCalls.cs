using System.Net;
using System.Net.Sockets;
using LeadSens.Engine.BuiltIn;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Sends the requests of boxes. Redirects are followed here, so that each address is checked and no credential goes where it was not sent.</summary>
internal sealed class HttpCalls(CheckedConnection connection, CallRetries retries, IOptions<OutgoingOptions> options, TimeProvider time) : IHttpCalls, IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(NewHandler(connection));

    public Task<HttpCallResult> SendAsync(HttpCall call, CancellationToken cancellationToken)
    {
        if (CallMessage.Problem(call) is { } problem) return Task.FromResult<HttpCallResult>(new HttpCallResult.Refused("http_request_invalid", problem));
        return retries.RunAsync(call, token => SendOnceAsync(call, token), cancellationToken);
    }

    public void Dispose() => _invoker.Dispose();

    private async Task<HttpCallResult> SendOnceAsync(HttpCall call, CancellationToken cancellationToken)
    {
        using var limit = new CallTimeout(options.Value.Timeout, time, cancellationToken);
        try
        {
            return await FollowAsync(CallMessage.Of(call), limit.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && limit.TimedOut)
        {
            return new HttpCallResult.TimedOut(options.Value.Timeout);
        }
        catch (HttpRequestException lost) when (lost.InnerException is AddressRefusedException refused)
        {
            return new HttpCallResult.Refused("http_address_refused", refused.Message);
        }
        catch (Exception lost) when (!cancellationToken.IsCancellationRequested && lost is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return new HttpCallResult.NotConnected(lost.Message);
        }
    }

    private async Task<HttpCallResult> FollowAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        for (var followed = 0; ; followed++)
        {
            using var response = await _invoker.SendAsync(message, cancellationToken);
            if (options.Value.MaxRedirects == 0 || TargetOf(response, message.RequestUri!) is not { } target)
                return await CallAnswer.ReadAsync(response, options.Value.MaxResponseBytes, cancellationToken);
            if (followed == options.Value.MaxRedirects) return Refused($"The answer is a redirect after {followed} others.");
            if (CallMessage.Address(target.AbsoluteUri) is null || target.UserInfo.Length > 0) return Refused("The answer redirects to what is no http:// or https:// address.");
            if (message.RequestUri!.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp) return Refused("The answer redirects from https to http.");
            var keepsBody = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
                || response.StatusCode != HttpStatusCode.SeeOther && message.Method != HttpMethod.Post;
            message = CallMessage.To(target, message, keepsBody);
        }
    }

    private static Uri? TargetOf(HttpResponseMessage response, Uri from) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location && Uri.TryCreate(from, location, out var target) ? target : null;

    private static HttpCallResult.Refused Refused(string message) => new("http_redirect_refused", message);

    private static SocketsHttpHandler NewHandler(CheckedConnection connection) => new()
    {
        ConnectCallback = connection.OpenAsync,
        // A proxy would look the name up by itself, and connect to whatever it finds.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxResponseDrainSize = 0,
    };
}
