using LeadSens.Server.Data;

namespace LeadSens.Server.Secrets;

/// <summary>What rotations have replaced: the signing keys that they kept, under which receipts and the audit log still verify, and the master keys that open nothing any more.</summary>
internal sealed class RetiredKeys
{
    private volatile ILookup<string, byte[]> _keys = Enumerable.Empty<byte[]>().ToLookup(_ => "");
    private volatile HashSet<string> _ids = [], _closed = [];

    public IEnumerable<byte[]> Of(string use) => _keys[use];

    /// <summary>Whether a rotation has begun to replace this key: it signs nothing that opens something, even where it still is configured.</summary>
    public bool Has(MasterKey key) => _ids.Contains(key.ToString());

    /// <summary>Whether everything that this key had sealed is sealed with another: whatever still comes with it is refused.</summary>
    public bool IsClosed(MasterKey key) => _closed.Contains(key.ToString());

    public void Take(IEnumerable<(string Use, string Id, byte[] Key)> keys)
    {
        var all = keys.ToList();
        _ids = all.Select(key => key.Id).ToHashSet();
        _keys = all.ToLookup(key => key.Use, key => key.Key);
    }

    public void Close(IEnumerable<string> ids) => _closed = ids.ToHashSet();
}

/// <summary>Reads what rotations have replaced: at the start, and again and again while a previous key is configured, which a rotation beside this Server may close at any time.
/// Notes with which key the node seals. A signing key that cannot be opened ends the start: receipts would look forged.</summary>
internal sealed class ReadRetiredKeys(SystemDatabase database, NodeIdentity node, MasterKeys keys, SecretBox box, RetiredKeys retired, TimeProvider time, ILogger<ReadRetiredKeys> log) : StartingService, IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        await SealingKeys.UseAsync(database, node.Id, keys.Current, cancellationToken);
        await ReadAsync(cancellationToken);
        if (keys.Previous.Count > 0) _loop = Task.Run(WatchAsync, CancellationToken.None);
    }

    public override Task StoppedAsync(CancellationToken cancellationToken) => EndAsync();

    /// <summary>Cancelled, not disposed of: a host may be stopped from two sides.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        retired.Close(await SealingKeys.ClosedAsync(database, cancellationToken));
        var kept = await database.Sql("select use, key_id, sealed_key from retired_keys")
            .ListAsync(row => (Use: row.GetString(0), Id: row.GetString(1), Sealed: row.GetFieldValue<byte[]>(2)), cancellationToken);
        retired.Take(kept.Select(row => (row.Use, row.Id, box.Open(row.Sealed, SealedColumns.RetiredKeys.ContextOf(row.Use, row.Id)))));
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Every, time);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
                await ReadAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.RetiredKeysNotRead(failure);
            }
        }
    }
}
