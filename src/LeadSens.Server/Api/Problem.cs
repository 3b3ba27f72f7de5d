namespace LeadSens.Server.Api;

/// <summary>How every error is answered (RFC 9457), for the API document.</summary>
/// <param name="Code">Stable: what programs go by.</param>
/// <param name="Errors">What is wrong with the request, by field.</param>
/// <param name="TraceId">For whoever looks into the logs.</param>
internal sealed record Problem(
    string Title, int Status, string Code, string? Type = null, string? Detail = null, IReadOnlyDictionary<string, string[]>? Errors = null, string? TraceId = null)
{
    public const string ContentType = "application/problem+json";
}
