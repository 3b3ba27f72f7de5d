using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;

namespace LeadSens.Server.Push;

/// <summary>Reads of many pages, where one bad answer must not throw away the pages before it.</summary>
internal sealed class Reads(Limits limits, TimeProvider time)
{
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    /// <summary>Reads under the account's limit, again where the provider was merely unavailable.</summary>
    public async Task<ProviderResult<T>> ReadAsync<T>(string account, Func<Task<ProviderResult<T>>> read, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            ProviderResult<T> answer;
            using (await limits.AcquireAsync(account, 1, cancellationToken)) answer = await read();
            if (answer.Succeeded || attempt == Waits.Length) return answer;
            if (answer.Failure.Kind is not (ProviderFailureKind.Unavailable or ProviderFailureKind.TimedOut or ProviderFailureKind.UnknownOutcome)) return answer;
            await Task.Delay(Waits[attempt], time, cancellationToken);
        }
    }
}
