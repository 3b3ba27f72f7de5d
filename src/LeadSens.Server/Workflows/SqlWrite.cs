using LeadSens.Engine;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>SQL that an activity wants executed in the transaction of its burst.</summary>
/// <param name="execute">Runs on the connection that holds the burst's transaction; must not commit.</param>
/// <param name="committed">Runs once the transaction is durable.</param>
internal sealed class SqlWrite(Func<NpgsqlConnection, CancellationToken, Task> execute, Action? committed = null) : CommitWrite
{
    /// <summary>Locks that come before the run's row, which the burst's transaction holds from its first statement on.</summary>
    public Func<NpgsqlConnection, CancellationToken, Task>? LockFirst { get; init; }

    public Task ExecuteAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => execute(connection, cancellationToken);

    public override void Committed() => committed?.Invoke();
}
