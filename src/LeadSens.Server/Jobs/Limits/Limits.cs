using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>The accounts' limits for each single call. Every call to a provider enters here, so none is made that no limit counted: a job's calls under
/// the places that it was claimed with, all others under a place of their own.</summary>
internal sealed class Limits(SystemDatabase database, LimitBook book, LimitRegistry registry, NodeIdentity node, TimeProvider time) : IDisposable
{
    /// <summary>A waiting caller takes its place this far ahead, so that claims cannot push it back for ever.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(10);

    /// <summary>The database's clock may have been moved, and another node may have given back what it held.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim refreshing = new(1, 1);

    /// <summary>Waits until one call may be made, in the whole cluster. Dispose of the answer when it is done; null: nothing is held for it alone.</summary>
    public async ValueTask<Place?> EnterAsync(string key, CancellationToken cancellationToken)
    {
        if (CallScope.Find(key) is { } held)
        {
            if (held.Spend() is not { } wait)
            {
                await GrantAsync(held, 1, cancellationToken);
                wait = held.Spend() ?? TimeSpan.Zero;
            }

            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken);
            return null;
        }

        if (!await IsLimitedAsync(key, cancellationToken)) return null;
        var own = NewPlace(key);
        await GrantAsync(own, 1, cancellationToken);
        return own;
    }

    public Reservation Reserve(string key) => new(this, key);

    public Place NewPlace(string key) => new(book, time, key);

    /// <summary>Waits for calls under a place. A place that is held already is lent while it waits: jobs that all wait for another call would wait
    /// for each other. When it throws, the place is free.</summary>
    public async ValueTask GrantAsync(Place place, int calls, CancellationToken cancellationToken)
    {
        place.Dispose();
        while (await IsLimitedAsync(place.Key, cancellationToken))
        {
            var grant = await AskAsync(place, calls, cancellationToken);
            try
            {
                await Task.Delay(grant.Jobs > 0 ? grant.WaitOf(0) : grant.RetryIn < LongestWait ? grant.RetryIn : LongestWait, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                place.Dispose();
                throw;
            }

            if (grant.Jobs > 0) break;
        }

        place.Granted(calls, 0, TimeSpan.Zero);
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
            if (registry.Unwritten is { Count: > 0 } rules)
            {
                await LimitStore.WriteAsync(connection, rules, cancellationToken);
                registry.Written(rules);
            }

            book.Learn(await LimitStore.ReadAsync(connection, cancellationToken));
        }
        finally
        {
            refreshing.Release();
        }
    }

    public void Dispose() => refreshing.Dispose();

    private async ValueTask<bool> IsLimitedAsync(string key, CancellationToken cancellationToken)
    {
        if (registry.HasUnwritten) await RefreshAsync(cancellationToken);
        return book.IsLimited(key);
    }

    private async Task<LimitGrant> AskAsync(Place place, int calls, CancellationToken cancellationToken)
    {
        using var turn = await book.AskAsync([place.Key], cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var ask = new LimitAsk([place.Key], [calls], [book.Used(place.Key)], 1, Horizon, Probe: false);
        var grant = await LimitStore.TakeAsync(connection, ask, node.Id, cancellationToken);
        if (grant.Jobs > 0) place.Take();
        return grant;
    }
}
