using System.Text.Json;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Instantly's errors: <c>{statusCode, error, message}</c>.</summary>
internal sealed class InstantlyFailures(TimeProvider clock) : FailureReader(InstantlyOptions.Name, clock)
{
    protected override ProviderError ReadError(JsonElement body)
    {
        var error = body.Text("error");
        return new(body.Number("statusCode") ?? (error is null ? null : 400), error, body.Text("message") ?? error);
    }

    /// <summary>402 is a missing plan or spent credits, but counting and previewing also use it for their rate.</summary>
    protected override ProviderFailureKind? KindOf(int status, ProviderError error) =>
        status == 402 && error.Message?.Contains("rate limit", StringComparison.OrdinalIgnoreCase) == true
            ? ProviderFailureKind.RateLimited
            : null;
}
