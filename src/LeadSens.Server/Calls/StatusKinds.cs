namespace LeadSens.Server.Calls;

/// <summary>What an HTTP status means where the vendor gives it no meaning of its own.</summary>
internal static class StatusKinds
{
    public static ProviderFailureKind Of(int status, CallEffect effect) => status switch
    {
        401 or 403 => ProviderFailureKind.Unauthorized,
        402 => ProviderFailureKind.QuotaExhausted,
        404 or 410 => ProviderFailureKind.NotFound,
        409 => ProviderFailureKind.Conflict,
        429 => ProviderFailureKind.RateLimited,
        423 or 425 => ProviderFailureKind.Unavailable,
        // A gateway's 5xx and a 408 may hide a write that took effect.
        408 or >= 500 when effect == CallEffect.Write => ProviderFailureKind.UnknownOutcome,
        408 => ProviderFailureKind.TimedOut,
        >= 400 and < 500 => ProviderFailureKind.Invalid,
        _ => ProviderFailureKind.Unavailable,
    };
}
