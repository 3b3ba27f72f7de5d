namespace LeadSens.Server.Calls;

/// <summary>Why a provider's call gave no value. The kind alone decides what happens next.</summary>
internal enum ProviderFailureKind
{
    /// <summary>Too many calls: wait until the time it named, no attempt is spent.</summary>
    RateLimited,
    /// <summary>Plan or credits used up: the batch pauses until a person acts.</summary>
    QuotaExhausted,
    /// <summary>The key or its scope is refused: the batch pauses until a person acts.</summary>
    Unauthorized,
    /// <summary>The request is refused as it is; repeating it cannot help.</summary>
    Invalid,
    NotFound,
    Conflict,
    /// <summary>5xx, a reset, an answer that is not what the contract says: try again later.</summary>
    Unavailable,
    /// <summary>A read without an answer in time: try again later.</summary>
    TimedOut,
    /// <summary>A write without an answer: it may have taken effect. Reconcile by a read, never repeat blindly.</summary>
    UnknownOutcome,
    /// <summary>None of a provider's: the job ended the process that ran it, again and again.</summary>
    NodeDied,
}

/// <summary>A provider's failure as data.</summary>
/// <param name="Message">For a person; names the provider, holds no secret and no personal data.</param>
/// <param name="RetryAfter">How long the provider asked us to wait; null when it did not say.</param>
internal sealed record ProviderFailure(ProviderFailureKind Kind, string Provider, string Message, TimeSpan? RetryAfter = null)
{
    /// <summary>The provider's HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }
}

/// <summary>A value or the failure that stands in its place.</summary>
internal readonly record struct ProviderResult<T>(T? Value, ProviderFailure? Failure)
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    public static implicit operator ProviderResult<T>(T value) => new(value, null);
    public static implicit operator ProviderResult<T>(ProviderFailure failure) => new(default, failure);
}
