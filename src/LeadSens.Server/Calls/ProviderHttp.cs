using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LeadSens.Server.Jobs;

namespace LeadSens.Server.Calls;

/// <summary>Reads an answer's body; throws <see cref="JsonException"/> when it is not what the contract says.</summary>
internal delegate T BodyReader<out T>(ReadOnlySpan<byte> body);

/// <summary>Sends one vendor's calls over one pooled handler and turns whatever comes back into a value or a failure. It neither
/// repeats nor logs: retries belong to the jobs. Each call first takes its turn by the account's limits, of which its caller need know nothing.</summary>
internal sealed class ProviderHttp(FailureReader failures, TimeSpan timeout, TimeProvider clock, Limits limits) : IDisposable
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");
    private static readonly MediaTypeHeaderValue FormType = new("application/x-www-form-urlencoded");
    private static readonly MediaTypeWithQualityHeaderValue AcceptsJson = new("application/json");

    private readonly HttpMessageInvoker invoker = new(NewHandler());

    /// <summary>Sends and reads the whole answer.</summary>
    public async Task<ProviderResult<T>> SendAsync<T>(ProviderRequest request, BodyReader<T> read, CancellationToken cancellationToken)
    {
        using var turn = await limits.EnterAsync(request.Account.AccountKey, cancellationToken);
        using var limit = new CallTimeout(timeout, clock, cancellationToken);
        try
        {
            using var response = await OpenAsync(request, limit.Token);
            using var body = await AnswerBody.ReadAsync(response, limit.Token);
            return Read(request, response, body.Written.Span, read);
        }
        catch (Exception lost) when (IsLost(lost, cancellationToken))
        {
            return failures.Lost(request.Effect, lost, limit.TimedOut, timeout);
        }
    }

    /// <summary>Sends and hands over the answer as soon as its status is known to be good; the caller reads and disposes of it.</summary>
    public async Task<ProviderResult<OpenAnswer>> StreamAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        var turn = await limits.EnterAsync(request.Account.AccountKey, cancellationToken);
        var opened = false;
        using var limit = new CallTimeout(timeout, clock, cancellationToken);
        try
        {
            var response = await OpenAsync(request, limit.Token);
            opened = response.IsSuccessStatusCode;
            if (opened) return new OpenAnswer(response, turn);
            using (response)
            using (var body = await AnswerBody.ReadAsync(response, limit.Token))
                return failures.Refused(request, response, body.Written.Span);
        }
        catch (Exception lost) when (IsLost(lost, cancellationToken))
        {
            return failures.Lost(request.Effect, lost, limit.TimedOut, timeout);
        }
        finally
        {
            if (!opened) turn?.Dispose();
        }
    }

    /// <summary>Names the failure of a stream that broke off.</summary>
    public ProviderFailure Lost(ProviderRequest request, Exception lost, bool timedOut) => failures.Lost(request.Effect, lost, timedOut, timeout);

    /// <summary>Names the failure of a stream whose piece is not what the contract says.</summary>
    public ProviderFailure Unreadable(ProviderRequest request, HttpResponseMessage response, ReadOnlySpan<byte> body) =>
        failures.Unreadable(request, response, body);

    public static bool IsLost(Exception exception, CancellationToken caller) =>
        !caller.IsCancellationRequested && exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException;

    public void Dispose() => invoker.Dispose();

    private ProviderResult<T> Read<T>(ProviderRequest request, HttpResponseMessage response, ReadOnlySpan<byte> body, BodyReader<T> read)
    {
        // A byte order mark, which JSON may not have and some gateways add.
        if (body.StartsWith("\ufeff"u8)) body = body[3..];
        if (!response.IsSuccessStatusCode) return failures.Refused(request, response, body);
        try
        {
            return read(body);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return failures.Unreadable(request, response, body);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, request.Uri);
        message.Headers.Accept.Add(AcceptsJson);
        if (request.Account.Authorization is { } authorization) message.Headers.Authorization = authorization;
        foreach (var header in request.Headers ?? []) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (request.Body is { } body)
            message.Content = new ReadOnlyMemoryContent(body.Written) { Headers = { ContentType = request.IsForm ? FormType : JsonType } };
        else if (request.Method == HttpMethod.Post)
            message.Content = new ReadOnlyMemoryContent(default);
        var response = await invoker.SendAsync(message, cancellationToken);
        request.Body?.Dispose();
        return response;
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        // A redirect would carry the credential to an address that nobody configured.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        Proxy = new LoopbackBypass(HttpClient.DefaultProxy),
    };
}
