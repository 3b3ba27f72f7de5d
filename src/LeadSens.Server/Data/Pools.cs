using System.Collections.Concurrent;
using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>The connections of this process, by who asks and by role: requests and the Server's own work (bursts, leases, jobs) have pools of their own, so that neither can take
/// the other's; in each, statements of one workspace run as <see cref="WorkspaceRole"/> and see its rows alone, those that span workspaces as <see cref="SystemRole"/>.</summary>
internal sealed class Pools : IAsyncDisposable
{
    /// <summary>Sees the rows of the workspace that the session names (<c>leadsens.workspace</c>), and none without one. Owns nothing.</summary>
    public const string WorkspaceRole = "leadsens_workspace";

    /// <summary>Sees all workspaces. Owns nothing.</summary>
    public const string SystemRole = "leadsens_system";

    /// <summary>Which workspace the session of a backend (by its process id) names now.</summary>
    private readonly ConcurrentDictionary<int, Guid> _named = new();

    private readonly NpgsqlDataSource[] _workspace;
    private readonly NpgsqlDataSource[] _system;

    /// <param name="connectionString">The runtime's login, a member of both roles.</param>
    public Pools(string connectionString, PoolOptions options)
    {
        NpgsqlDataSource Pool(string role, string name, int size) => Make(connectionString, $"LeadSens {name}", builder =>
        {
            builder.ConnectionStringBuilder.MaxPoolSize = size;
            var take = $"set role {role}";
            builder.UsePhysicalConnectionInitializer(
                connection => { _named.TryRemove(connection.ProcessID, out _); using var set = new NpgsqlCommand(take, connection); set.ExecuteNonQuery(); },
                async connection => { _named.TryRemove(connection.ProcessID, out _); await using var set = new NpgsqlCommand(take, connection); await set.ExecuteNonQueryAsync(); });
        });
        _workspace = [Pool(WorkspaceRole, "work", options.WorkConnections), Pool(WorkspaceRole, "requests", options.RequestConnections)];
        _system = [Pool(SystemRole, "work", options.WorkConnections), Pool(SystemRole, "requests", options.RequestConnections)];
        Admission = new(Math.Max(1, options.RequestConnections / 2), options.WorkspaceRequests, options.WorkspaceQueue, options.RequestPatience);
    }

    /// <summary>Requests take turns at it: as many at once as their pools can serve.</summary>
    public Admission Admission { get; }

    /// <summary>What spans workspaces, in the Server's own work.</summary>
    public NpgsqlDataSource System => _system[0];

    public ValueTask<NpgsqlConnection> OpenSystemAsync(bool isRequest, CancellationToken cancellationToken) => _system[isRequest ? 1 : 0].OpenConnectionAsync(cancellationToken);

    /// <summary>A session that names the workspace; one that there is not (<see cref="Guid.Empty"/>) sees nothing. Naming it is a round trip only where the session named another one before.</summary>
    public async ValueTask<NpgsqlConnection> OpenWorkspaceAsync(Guid workspaceId, bool isRequest, CancellationToken cancellationToken)
    {
        var connection = await _workspace[isRequest ? 1 : 0].OpenConnectionAsync(cancellationToken);
        if (_named.TryGetValue(connection.ProcessID, out var named) && named == workspaceId) return connection;
        try
        {
            _named.TryRemove(connection.ProcessID, out _);
            await using var name = new NpgsqlCommand("select set_config('leadsens.workspace', $1, false)", connection) { Parameters = { new() { Value = workspaceId.ToString() } } };
            await name.ExecuteNonQueryAsync(cancellationToken);
            _named[connection.ProcessID] = workspaceId;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in _workspace.Concat(_system)) await pool.DisposeAsync();
    }

    /// <summary>A pool under the login's own rights, for the owner's work and for tests.</summary>
    public static NpgsqlDataSource Plain(string connectionString) => Make(connectionString, "LeadSens", _ => { });

    /// <summary>Statements are prepared by themselves from their second use on. A connection that goes back to the pool is not reset: a role and a workspace are set where a
    /// connection is opened, and nothing else here leaves session state behind, except on connections of its own outside the pools.</summary>
    private static NpgsqlDataSource Make(string connectionString, string name, Action<NpgsqlDataSourceBuilder> configure)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.ApplicationName = name;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 100;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.ConnectionStringBuilder.Enlist = false;
        configure(builder);
        return builder.Build();
    }
}
