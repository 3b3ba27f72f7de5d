using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Lets a part of a transaction of the Server's own work see one workspace's rows alone; the end of the transaction ends it as well.</summary>
internal static class ActAs
{
    private const string WorkspaceSql = $"select set_config('leadsens.workspace', $1, true), set_config('role', '{Pools.WorkspaceRole}', true)";

    /// <summary>The role comes last: the run is looked for as the system.</summary>
    private const string RunSql = $"""
        select set_config('leadsens.workspace', coalesce((select workspace_id::text from workflow_instances where id = $1), ''), true), set_config('role', '{Pools.WorkspaceRole}', true)
        """;

    private const string SystemSql = $"select set_config('leadsens.workspace', '', true), set_config('role', '{Pools.SystemRole}', true)";

    public static Task WorkspaceAsync(NpgsqlConnection connection, Guid workspaceId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(WorkspaceSql, cancellationToken, workspaceId.ToString());

    /// <summary>The same, to go with another statement in one round trip.</summary>
    public static NpgsqlBatchCommand Workspace(Guid workspaceId) => new(WorkspaceSql) { Parameters = { new() { Value = workspaceId.ToString() } } };

    /// <summary>As the workspace of a run.</summary>
    public static NpgsqlBatchCommand WorkspaceOfRun(Guid instanceId) => new(RunSql) { Parameters = { new() { Value = instanceId } } };

    /// <summary>Goes back to all workspaces.</summary>
    public static Task SystemAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.ExecuteAsync(SystemSql, cancellationToken);

    /// <inheritdoc cref="Workspace"/>
    public static NpgsqlBatchCommand System() => new(SystemSql);
}
