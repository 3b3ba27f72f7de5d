using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Sends HTTP requests for boxes. The host decides where they may go.</summary>
public interface IHttpCalls
{
    /// <summary>Sends a request and reads the whole answer. What the network and the rules say is data; it throws only when cancelled.</summary>
    Task<HttpCallResult> SendAsync(HttpCall call, CancellationToken cancellationToken);
}

/// <summary>A request to send.</summary>
/// <param name="Url">Absolute, http or https.</param>
/// <param name="Content">The body as text; null: none.</param>
/// <param name="IdempotencyKey">The same for each time that this execution of the box sends it; goes along with methods that are not idempotent.</param>
public sealed record HttpCall(string Method, string Url, string? Content, string? ContentType, string IdempotencyKey)
{
    public string? Authorization { get; init; }

    /// <summary>False sends an Authorization that is no <c>scheme parameters</c> as it is.</summary>
    public bool ValidatesAuthorization { get; init; } = true;

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Idempotent methods are sent again for a while when the other side does not answer or is busy.</summary>
    public bool Retries { get; init; }
}

/// <summary>What became of a request: a closed set.</summary>
public abstract record HttpCallResult
{
    private HttpCallResult() { }

    /// <summary>An answer, whatever its status.</summary>
    /// <param name="Headers">By name, each with its values.</param>
    /// <param name="Content">Parsed by its content type; undefined when there is none.</param>
    public sealed record Answered(int StatusCode, IReadOnlyDictionary<string, string[]> Headers, JsonElement Content) : HttpCallResult;

    /// <summary>There was no connection, or it broke before the answer was there.</summary>
    public sealed record NotConnected(string Message) : HttpCallResult;

    /// <summary>The answer did not come in time.</summary>
    public sealed record TimedOut(TimeSpan After) : HttpCallResult;

    /// <summary>The request, or its answer, is not allowed.</summary>
    /// <param name="Code">Stable, for example <c>http_address_refused</c>.</param>
    public sealed record Refused(string Code, string Message) : HttpCallResult;
}
