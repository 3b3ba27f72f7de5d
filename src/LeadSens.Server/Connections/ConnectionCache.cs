using System.Collections.Concurrent;
using LeadSens.Server.Data;

namespace LeadSens.Server.Connections;

/// <summary>What this node knows of a workspace's connection: its row and its opened credentials (or why they cannot be opened), or that there is none.</summary>
internal sealed record KnownConnection(Connection? Row, ProviderResult<ConnectionCredential> Credential);

/// <summary>Connections as they were at most a second ago: every job asks for one, and few change. What this node changes it forgets at once.</summary>
internal sealed class ConnectionCache(ConnectionRows rows, TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(Guid Workspace, string Provider), (KnownConnection Known, long At)> _known = new();

    /// <summary>Null when it is too long ago that somebody asked the database.</summary>
    public KnownConnection? Recent(Guid workspaceId, string provider) =>
        _known.TryGetValue((workspaceId, provider), out var entry) && time.GetElapsedTime(entry.At) < Lasts ? entry.Known : null;

    public void Forget(Guid workspaceId, string provider) => _known.TryRemove((workspaceId, provider), out _);

    /// <summary>Asks the database.</summary>
    public async Task<KnownConnection> ReadAsync(Guid workspaceId, string provider, CancellationToken cancellationToken)
    {
        // Who sees nothing of the workspace would take it for one without a connection, whose calls go to the installation's account.
        if (!DatabaseScope.Current.Sees(workspaceId)) throw new InvalidOperationException("A workspace's connection is read where its rows are seen.");
        var at = time.GetTimestamp();
        var row = await rows.FindAsync(workspaceId, provider, cancellationToken);
        var known = new KnownConnection(row, row is { State: ConnectionState.Connected } ? rows.TryOpen(row) : default);
        if (_known.Count >= Most) _known.Clear();
        _known[(workspaceId, provider)] = (known, at);
        return known;
    }
}
