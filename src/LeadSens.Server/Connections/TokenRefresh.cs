using System.Collections.Concurrent;
using Npgsql;

namespace LeadSens.Server.Connections;

/// <summary>Renews tokens before they end, once for all nodes. Whoever has the lease asks the provider, with no transaction open; the others wait for
/// what it brings. The new tokens are committed before anybody uses them, and only over the version that they were made from. An answer that is
/// lost, or a node that dies meanwhile, leaves the old refresh token in place, which is tried again.</summary>
internal sealed class TokenRefresh(ConnectionRows rows, RefreshLeases leases, ConnectionCache cache, ConnectionEnds ends, ProviderRegistry providers,
    TimeProvider time, ILogger<TokenRefresh> log)
{
    /// <summary>A token that ends within this time is renewed before it is used.</summary>
    private static readonly TimeSpan BeforeUse = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45), LookEvery = TimeSpan.FromMilliseconds(100), StillGood = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, Lazy<Task<ProviderFailure?>>> _running = new();

    public static bool IsDue(Connection row) => IsDue(row, BeforeUse);

    /// <summary>Returns when the connection has a token that lasts, or there is nothing more to wait for: then with why there is none.</summary>
    public Task<ProviderFailure?> EnsureAsync(Connection due, CancellationToken cancellationToken) => EnsureAsync(due, BeforeUse, cancellationToken);

    public async Task<ProviderFailure?> EnsureAsync(Connection due, TimeSpan before, CancellationToken cancellationToken)
    {
        // However many wait on this node, one of them asks.
        var mine = new Lazy<Task<ProviderFailure?>>(() => RunOnceAsync(due, before));
        return await _running.GetOrAdd(due.Id, mine).Value.WaitAsync(cancellationToken);
    }

    /// <summary>Forgotten when it ends, whoever still waits: what was learned then says nothing about a later token.</summary>
    private async Task<ProviderFailure?> RunOnceAsync(Connection due, TimeSpan before)
    {
        // Not before everybody who comes along has found it.
        await Task.Yield();
        try
        {
            return await RunAsync(due, before);
        }
        finally
        {
            _running.TryRemove(due.Id, out _);
        }
    }

    private static bool IsDue(Connection row, TimeSpan before) => row is { State: ConnectionState.Connected, ExpiresIn: { } left } && left < before;

    private async Task<ProviderFailure?> RunAsync(Connection due, TimeSpan before)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var row = await rows.FindAsync(due.WorkspaceId, due.Id, CancellationToken.None);
            if (row is null || !IsDue(row, before)) return Learned(due);
            var (lease, waits) = await leases.TakeAsync(row, CancellationToken.None);
            if (lease is { } mine) return await RefreshAsync(row, mine);
            // An attempt has just failed, or takes longer than anybody waits: what there is must do.
            if (waits || time.GetElapsedTime(started) > Patience) return row.ExpiresIn > StillGood ? Learned(due) : NotRenewed(row);
            await Task.Delay(LookEvery, time);
        }
    }

    private async Task<ProviderFailure?> RefreshAsync(Connection row, Guid lease)
    {
        var opened = rows.TryOpen(row);
        if (!opened.Succeeded) return await BreakAsync(row, opened.Failure);
        if (providers.Find(row.Provider)?.OAuth is not { } app)
            return await BreakAsync(row, new(ProviderFailureKind.Unauthorized, row.Provider, "There is no such provider here any more."));
        var old = opened.Value;
        var answer = await app.RefreshAsync(row.IsSandbox, old.RefreshToken!, CancellationToken.None);
        if (answer.Succeeded)
        {
            var renewed = new ConnectionCredential(answer.Value.AccessToken, answer.Value.RefreshToken ?? old.RefreshToken);
            var written = await WriteAsync(row, renewed, answer.Value.ExpiresIn);
            if (written) log.TokenRefreshed(row.Provider, row.Id);
            return Learned(row);
        }

        if (answer.Failure.Kind == ProviderFailureKind.Unauthorized) return await BreakAsync(row, answer.Failure);
        await leases.GiveBackAsync(row, lease, answer.Failure.Message, CancellationToken.None);
        log.TokenNotRefreshed(row.Provider, row.Id, answer.Failure.Message);
        return row.ExpiresIn > StillGood ? Learned(row) : NotRenewed(row);
    }

    /// <summary>A vendor that gives a new refresh token takes the old one no more: one that is lost because the database was away for a moment costs the connection.</summary>
    private async Task<bool> WriteAsync(Connection row, ConnectionCredential renewed, TimeSpan expiresIn)
    {
        var (envelope, started) = (rows.Seal(row.WorkspaceId, row.Id, renewed), time.GetTimestamp());
        while (true)
        {
            try
            {
                return await leases.CommitAsync(row, envelope, expiresIn - time.GetElapsedTime(started), CancellationToken.None);
            }
            catch (NpgsqlException away) when (away.IsTransient && time.GetElapsedTime(started) < Patience)
            {
                log.TokenNotRefreshed(row.Provider, row.Id, "The database is away; the new token is written when it answers.");
                await Task.Delay(LookEvery, time);
            }
        }
    }

    private async Task<ProviderFailure?> BreakAsync(Connection row, ProviderFailure failure)
    {
        await ends.BreakAsync(
            row, "unauthorized", $"{failure.Message} Connect {providers.Title(row.Provider)} again under Connections.", CancellationToken.None);
        return Learned(row);
    }

    private ProviderFailure? Learned(Connection row)
    {
        cache.Forget(row.WorkspaceId, row.Provider);
        return null;
    }

    private ProviderFailure NotRenewed(Connection row) =>
        new(ProviderFailureKind.Unavailable, row.Provider, $"{providers.Title(row.Provider)} did not renew the connection's token; it is tried again.");
}
