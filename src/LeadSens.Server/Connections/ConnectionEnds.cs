using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Connections;

/// <summary>What a connection's fate means for the work that needs it: it waits, says what for, and goes on.</summary>
internal sealed class ConnectionEnds(Database database, ConnectionCache cache, JobSignal jobs, ILogger<ConnectionEnds> log)
{
    private const string TellSql = """
        update batches set paused_detail = $3 where workspace_id = $1 and is_open and paused_reason = 'unauthorized' and paused_key = $2
        """;

    private const string ResumeSql = """
        update batches set paused_reason = null, paused_detail = null, paused_key = null, paused_until = null
        where workspace_id = $1 and is_open and paused_reason = 'unauthorized' and paused_key = $2
        """;

    /// <summary>The provider takes the credentials no more. Nothing happens when they were replaced meanwhile.</summary>
    public async Task BreakAsync(Connection row, string code, string sentence, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            if (!await ConnectionRows.CheckedAsync(connection, row, ConnectionState.Broken, "failing", code, sentence, cancellationToken)) return;
            await TellAsync(connection, row, sentence, cancellationToken);
            await AuditLog.AppendAsync(connection, new(row.WorkspaceId, AuditActor.System, "connection.broken", "connection", row.Id,
                new JsonObject { ["provider"] = row.Provider, ["code"] = code }), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        cache.Forget(row.WorkspaceId, row.Provider);
        log.ConnectionBroke(row.Provider, row.Id, row.WorkspaceId);
    }

    /// <summary>What waits for the connection says why, in words of today.</summary>
    public static Task TellAsync(NpgsqlConnection connection, Connection row, string sentence, CancellationToken cancellationToken) =>
        connection.Sql(TellSql, row.WorkspaceId, row.Provider, sentence).RunAsync(cancellationToken);

    /// <summary>In the transaction that connects; call <see cref="Changed"/> after its commit.</summary>
    public static Task ResumeAsync(NpgsqlConnection connection, Guid workspaceId, string provider, CancellationToken cancellationToken) =>
        connection.Sql(ResumeSql, workspaceId, provider).RunAsync(cancellationToken);

    public void Changed(Guid workspaceId, string provider)
    {
        cache.Forget(workspaceId, provider);
        jobs.Wake();
    }
}
