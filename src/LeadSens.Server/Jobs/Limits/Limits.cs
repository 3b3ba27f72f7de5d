using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>The accounts' limits for calls outside a claim: sourcing, push, a repair of a model's answer.</summary>
internal sealed class Limits(NpgsqlDataSource database, LimitBook book, LimitRegistry registry, NodeIdentity node, TimeProvider time) : IDisposable
{
    /// <summary>A waiting caller takes its place this far ahead, so that claims cannot push it back for ever.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim refreshing = new(1, 1);

    /// <summary>Waits until the account grants the calls, in the whole cluster. Dispose of the answer when they are done.</summary>
    public async ValueTask<LimitHold> AcquireAsync(string key, int calls, CancellationToken cancellationToken)
    {
        if (registry.HasUnwritten) await RefreshAsync(cancellationToken);
        while (book.IsLimited(key))
        {
            book.Use(key, 1);
            var grant = await TakeAsync(key, calls, cancellationToken);
            if (grant.Jobs > 0)
            {
                await Task.Delay(grant.WaitOf(0), time, cancellationToken);
                return new(book, key);
            }

            book.Use(key, -1);
            await Task.Delay(grant.RetryIn < LongestWait ? grant.RetryIn : LongestWait, time, cancellationToken);
        }

        return default;
    }

    /// <summary>Waits for one more call of a job that was claimed for fewer. The job holds a place already and lends it while it
    /// waits: jobs that all wait for another one would wait for each other.</summary>
    public async ValueTask AcquireExtraAsync(string key, CancellationToken cancellationToken)
    {
        if (!book.IsLimited(key)) return;
        book.Use(key, -1);
        try
        {
            using var granted = await AcquireAsync(key, 1, cancellationToken);
        }
        finally
        {
            book.Use(key, 1);
        }
    }

    /// <summary>Nobody in the cluster starts a call on the account for so long: what its <c>Retry-After</c> said.</summary>
    public async Task PenaliseAsync(string key, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
            await LimitStore.BlockAsync(connection, key, duration, cancellationToken);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>Writes rules that are new and reads the rows again.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await refreshing.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            if (registry.HasUnwritten) await LimitStore.WriteAsync(connection, registry.TakeUnwritten(), cancellationToken);
            book.Learn(await LimitStore.ReadAsync(connection, cancellationToken));
        }
        finally
        {
            refreshing.Release();
        }
    }

    public void Dispose() => refreshing.Dispose();

    /// <summary>The database's clock may have been moved, and another node may have given back what it held.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private async Task<LimitGrant> TakeAsync(string key, int calls, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One more is counted as used already; the function adds the grant by itself.
        var ask = new LimitAsk([key], [calls], [Math.Max(0, book.Used(key) - 1)], 1, Horizon, Probe: false);
        return await LimitStore.TakeAsync(connection, ask, node.Id, cancellationToken);
    }
}

/// <summary>A granted call in flight; disposing of it frees the account's concurrency.</summary>
internal readonly struct LimitHold(LimitBook book, string key) : IDisposable
{
    public void Dispose() => book?.Use(key, -1);
}
