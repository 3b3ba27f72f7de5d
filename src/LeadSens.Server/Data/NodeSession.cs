using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Keeps this node alive in the eyes of the others: one connection holds its advisory lock and listens for wake-ups.</summary>
internal sealed class NodeSession(SystemDatabase database, NodeIdentity node, Wakeups wakeups, ILogger<NodeSession> log) : StartingService, IAsyncDisposable
{
    private const string Channel = "leadsens";
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private NpgsqlConnection? _session;
    private Task _loops = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Before any loop takes a lease.</summary>
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        _loops = Task.WhenAll(Task.Run(ListenAsync, CancellationToken.None), Task.Run(NotifyAsync, CancellationToken.None));
    }

    /// <summary>After every loop has given its leases back.</summary>
    public override async Task StoppedAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped from two sides may be disposed of before the slower one comes here.
        if (_disposed)
            return;
        await _stop.CancelAsync();
        await _loops;
        await CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        // Cancelled, not disposed of: a second stop may still be on its way, and the loops end by it.
        await _stop.CancelAsync();
        // They use the connection until then, and it serves one at a time.
        await _loops;
        await CloseAsync();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var session = await database.OpenConnectionAsync(cancellationToken);
        session.Notification += (_, notice) => Receive(notice.Payload);
        await using var join = new NpgsqlCommand(
            $"""
            select pg_advisory_lock({node.AdvisoryKey});
            insert into nodes (id, advisory_key) values ('{node.Id}', {node.AdvisoryKey}) on conflict (id) do update set dead_since = null;
            listen {Channel}
            """, session);
        try
        {
            await join.ExecuteNonQueryAsync(cancellationToken);
        }
        catch
        {
            // Another half of this session may still hold the lock, and each new one waits for it in vain: none of them may stay taken from the pool.
            await session.DisposeAsync();
            throw;
        }

        _session = session;
    }

    private async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is not { } session)
            return;
        try
        {
            await using var leave = new NpgsqlCommand($"unlisten {Channel}; select pg_advisory_unlock({node.AdvisoryKey})", session);
            await leave.ExecuteNonQueryAsync();
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // The session is gone, and the lock with it.
        }
        await session.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_session is null)
                {
                    await OpenAsync(_stop.Token);
                    wakeups.WakeAll();
                }
                if (!await _session!.WaitAsync(Sweep, _stop.Token))
                    await LookAroundAsync(_session);
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                log.NodeSessionLost(error);
                await CloseAsync();
                await Task.Delay(Sweep, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>On the session's own connection: only what fails there says that the session is lost.</summary>
    private Task LookAroundAsync(NpgsqlConnection session) => Nodes.BuryAsync(session, _stop.Token);

    private async Task NotifyAsync()
    {
        try
        {
            while (true)
            {
                var topics = await wakeups.TakeOutgoingAsync(_stop.Token);
                await SendAsync($"{node.Id}:{string.Join(',', topics)}");
                await Task.Delay(Debounce, TimeProvider.System, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The Server stops.
        }
    }

    private async Task SendAsync(string payload)
    {
        try
        {
            await using var command = database.CreateCommand($"select pg_notify('{Channel}', $1) from (select from nodes where dead_since is null and id <> '{node.Id}' limit 1) others");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload });
            await command.ExecuteNonQueryAsync(_stop.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The others look by themselves every second.
            log.WakeupNotSent(error);
        }
    }

    private void Receive(string payload)
    {
        var sender = payload.AsSpan(0, payload.IndexOf(':', StringComparison.Ordinal));
        if (Guid.TryParse(sender, out var id) && id == node.Id)
            return;
        foreach (var topic in payload[(sender.Length + 1)..].Split(','))
            wakeups.Wake(topic);
    }
}
