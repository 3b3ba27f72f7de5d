namespace LeadSens.Server.Calls;

/// <summary>Reads by a job that a whole campaign waits for, where one bad answer must not cost it its turn nor the pages before it.</summary>
internal sealed class Reads(TimeProvider time)
{
    /// <summary>Short: what lasts longer is for the job's own retries.</summary>
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Reads, and again where the provider was merely unavailable, unless it asks for a longer rest.</summary>
    public async Task<ProviderResult<T>> ReadAsync<T>(Func<Task<ProviderResult<T>>> read, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await read();
            if (answer.Succeeded || attempt == Waits.Length || answer.Failure.Kind is not (ProviderFailureKind.Unavailable or ProviderFailureKind.TimedOut)) return answer;
            var wait = answer.Failure.RetryAfter ?? Waits[attempt] * (0.5 + Random.Shared.NextDouble());
            if (wait > Longest) return answer;
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
