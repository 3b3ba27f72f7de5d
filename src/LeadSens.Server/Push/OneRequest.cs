
namespace LeadSens.Server.Push;

/// <summary>Sends a writing request once, within its time, and judges what its failure says about its effect.</summary>
internal static class OneRequest
{
    public static async Task<ProviderResult<T>> SendAsync<T>(
        Func<CancellationToken, Task<ProviderResult<T>>> send, TimeSpan timeout, TimeProvider time, string account, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await send(either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ProviderFailure(ProviderFailureKind.UnknownOutcome, account, $"No answer within {timeout.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>True where the provider refused before doing anything. A 5xx or a torn answer proves nothing.</summary>
    public static bool TookNoEffect(ProviderFailure failure) => failure.Kind is
        ProviderFailureKind.RateLimited or ProviderFailureKind.QuotaExhausted or ProviderFailureKind.Unauthorized or
        ProviderFailureKind.Invalid or ProviderFailureKind.NotFound;
}
