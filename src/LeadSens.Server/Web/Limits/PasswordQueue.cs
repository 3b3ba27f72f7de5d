using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>Password hashes are dear on purpose. Half of the cores compute them, so that a flood of logins slows down logins and nothing else.</summary>
internal sealed class PasswordQueue(IOptions<WebOptions> options) : IAsyncDisposable
{
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrencyLimiter turns = new(new()
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2), QueueLimit = options.Value.PasswordQueue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Not acquired where too many wait already.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => turns.AcquireAsync(1, cancellationToken);

    public ValueTask DisposeAsync() => turns.DisposeAsync();
}
