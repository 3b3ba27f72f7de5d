using System.Text.Json;

namespace LeadSens.Server.Connections.Providers.Jina;

/// <summary>Jina's errors: <c>{code, name, status, message, readableMessage}</c>, where the first three digits of the five-digit
/// <c>status</c> are an HTTP status. 20000 is a success.</summary>
internal sealed class JinaFailures(TimeProvider clock) : FailureReader(JinaOptions.Name, clock)
{
    protected override ProviderError ReadError(JsonElement body)
    {
        var code = body.Number("status");
        var status = code is >= 30_000 and <= 59_999 ? code / 100 : null;
        return new(status, code?.ToString(), body.Text("readableMessage") ?? body.Text("message"));
    }

    /// <summary>A page over the token budget stays over it; another call for the same page holds a lock for a moment.</summary>
    protected override ProviderFailureKind? KindOf(int status, ProviderError error) => error.Code switch
    {
        "40903" => ProviderFailureKind.Unavailable,
        "40904" => ProviderFailureKind.Invalid,
        _ => null,
    };
}
