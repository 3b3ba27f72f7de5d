using System.Net.Http.Headers;
using System.Text.Json;

namespace LeadSens.Server.Calls;

/// <summary>Turns everything that is not a good answer into a failure: the one place that decides kinds. A vendor's reader tells
/// what its error bodies say and corrects the statuses that the vendor uses in its own way.</summary>
internal abstract class FailureReader(string provider, TimeProvider clock)
{
    /// <summary>The status is not 2xx.</summary>
    public ProviderFailure Refused(ProviderRequest request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var error = Error(body);
        return Failure(request, (int)response.StatusCode, error, Wait(response.Headers.RetryAfter, clock));
    }

    /// <summary>The status is 2xx, the body is not the contract's: an error inside it counts as what it says; anything else tells
    /// nothing about the call.</summary>
    public ProviderFailure Unreadable(ProviderRequest request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (Error(body) is { Status: { } status } error)
            return Failure(request, status, error, Wait(response.Headers.RetryAfter, clock));
        return new(Unclear(request.Effect), provider, $"{provider} answered with {Describe(body)}.") { Status = (int)response.StatusCode };
    }

    /// <summary>There was no answer, or not all of it.</summary>
    public ProviderFailure Lost(CallEffect effect, Exception lost, bool timedOut, TimeSpan timeout)
    {
        if (lost is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError })
            return new(ProviderFailureKind.Unavailable, provider, $"{provider} could not be reached.");
        if (effect == CallEffect.Write)
            return new(ProviderFailureKind.UnknownOutcome, provider, timedOut ? Silence(timeout) : $"{provider} broke the connection before it answered.");
        return timedOut
            ? new(ProviderFailureKind.TimedOut, provider, Silence(timeout))
            : new(ProviderFailureKind.Unavailable, provider, $"{provider} broke the connection.");
    }

    /// <summary>Reads the vendor's error body.</summary>
    protected abstract ProviderError ReadError(JsonElement body);

    /// <summary>The kind, where the vendor's meaning of a status or code is its own; null for the common one.</summary>
    protected virtual ProviderFailureKind? KindOf(int status, ProviderError error) => null;

    /// <summary>How long to wait, where the vendor does not say it in Retry-After.</summary>
    protected virtual TimeSpan? WaitOf(int status, ProviderError error) => null;

    private ProviderFailure Failure(ProviderRequest request, int status, ProviderError? error, TimeSpan? wait)
    {
        var kind = (error is null ? null : KindOf(status, error)) ?? StatusKinds.Of(status, request.Effect);
        var said = error?.Message is { Length: > 0 } message ? ": " + SafeText.Of(message, request.Account.Secret) : ".";
        return new(kind, provider, $"{provider} answered {status}{said}", wait ?? (error is null ? null : WaitOf(status, error))) { Status = status };
    }

    private ProviderError? Error(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            return json.RootElement.ValueKind == JsonValueKind.Object ? ReadError(json.RootElement) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>How long Retry-After asks to wait, in whichever of its two forms; a day at most.</summary>
    public static TimeSpan? Wait(RetryConditionHeaderValue? header, TimeProvider clock)
    {
        var wait = header?.Delta ?? (header?.Date - clock.GetUtcNow());
        // A time that is over says nothing: asked again at once, an account that has had enough would answer the same.
        return wait is { } time && time > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Min(time.TotalSeconds, 86_400)) : null;
    }

    private string Silence(TimeSpan timeout) => $"{provider} did not answer within {timeout.TotalSeconds:0.##} s.";

    private static ProviderFailureKind Unclear(CallEffect effect) =>
        effect == CallEffect.Write ? ProviderFailureKind.UnknownOutcome : ProviderFailureKind.Unavailable;

    private static string Describe(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart(" \t\r\n"u8);
        return text.IsEmpty ? "an empty body" : text[0] == '<' ? "a web page instead of JSON" : "JSON that its contract does not allow";
    }
}
