using System.Data;
using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Opens connections; who asks for a <see cref="Database"/> gets the one that the code that runs now may see.</summary>
internal abstract class Database
{
    public abstract ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken);
}

/// <summary>All workspaces, for what spans them: the workflow store, claims and results of jobs, sweeps. The places that ask for it are listed in a test.</summary>
internal sealed class SystemDatabase(NpgsqlDataSource pool) : Database
{
    public override ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken) => pool.OpenConnectionAsync(cancellationToken);

    /// <summary>Opens a connection of its own when it is executed.</summary>
    public NpgsqlCommand CreateCommand(string? sql = null) => pool.CreateCommand(sql);
}

/// <summary>The database as the code that runs now may see it: see <see cref="DatabaseScope"/>. Where none was entered there is nothing of any workspace.</summary>
internal sealed class ScopedDatabase(Pools pools) : Database
{
    /// <exception cref="DatabaseBusyException">Too many requests at once; this one has done nothing yet.</exception>
    public override async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
    {
        var scope = DatabaseScope.Current;
        if (scope.Request is not { } request) return await OpenAsync(scope, cancellationToken);
        var who = scope.Workspace ?? request.From;
        if (request.Keeps)
        {
            await request.TakeAsync(pools.Admission, who, cancellationToken);
            return await OpenAsync(scope, cancellationToken);
        }
        await pools.Admission.TakeAsync(who, cancellationToken);
        try
        {
            var connection = await OpenAsync(scope, cancellationToken);
            connection.StateChange += GiveBack;
            return connection;

            void GiveBack(object sender, StateChangeEventArgs change)
            {
                if (change.CurrentState != ConnectionState.Closed) return;
                connection.StateChange -= GiveBack;
                pools.Admission.Return(who);
            }
        }
        catch
        {
            pools.Admission.Return(who);
            throw;
        }
    }

    private ValueTask<NpgsqlConnection> OpenAsync(DatabaseScope scope, CancellationToken cancellationToken) => scope.SpansWorkspaces
        ? pools.OpenSystemAsync(scope.Request is not null, cancellationToken)
        : pools.OpenWorkspaceAsync(scope.Workspace ?? Guid.Empty, scope.Request is not null, cancellationToken);
}
