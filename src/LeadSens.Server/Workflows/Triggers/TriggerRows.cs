using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Writes what starts workflows, in the transaction that changes what is in service.</summary>
internal static class TriggerRows
{
    /// <summary>Keeps what the boxes of a version declare.</summary>
    public static async Task DeclareAsync(NpgsqlConnection connection, string versionId, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("update workflow_definitions set triggers_read = true where version_id = $1") { Parameters = { Workflows.Sql.Value(versionId) } });
        batch.BatchCommands.Add(new("delete from workflow_version_triggers where version_id = $1") { Parameters = { Workflows.Sql.Value(versionId) } });
        foreach (var (ordinal, trigger) in triggers.Index()) batch.BatchCommands.Add(Insert(versionId, ordinal, trigger));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Brings the triggers of a definition in line with the version that is in service.</summary>
    /// <param name="workspaceId">Null: of every workspace, after something was shipped.</param>
    /// <exception cref="PostgresException">Another workflow of the workspace has an exclusive trigger; see <see cref="Taken"/>.</exception>
    public static Task IndexAsync(NpgsqlConnection connection, Guid? workspaceId, string definitionId, CancellationToken cancellationToken) => workspaceId is { } workspace
        ? connection.ExecuteAsync("select workflow_index_triggers($1, $2)", cancellationToken, workspace, definitionId)
        : connection.ExecuteAsync("select workflow_index_triggers(id, $1) from workspaces order by id", cancellationToken, definitionId);

    /// <summary>What to tell a person when publishing failed because a trigger is taken; null when it failed for another reason.</summary>
    public static string? Taken(PostgresException error) => error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "workflow_triggers_exclusive" }
        ? $"Another published workflow is started by the same thing already, and only one may be. {error.Detail}" : null;

    private static NpgsqlBatchCommand Insert(string versionId, int ordinal, Trigger trigger) => new("insert into workflow_version_triggers values ($1, $2, $3, $4, $5, $6, $7, $8)")
    {
        Parameters =
        {
            Workflows.Sql.Value(versionId), Workflows.Sql.Value(trigger.ActivityId), Workflows.Sql.Value(ordinal), Workflows.Sql.Value(trigger.ActivityType),
            Workflows.Sql.Nullable(trigger.Request.Key, NpgsqlDbType.Text), Workflows.Sql.Nullable(trigger.Request.Payload?.ToJsonString(), NpgsqlDbType.Text),
            Workflows.Sql.Nullable(trigger.Request.Schedule?.ToString(), NpgsqlDbType.Text), Workflows.Sql.Value(trigger.Request.IsExclusive),
        },
    };
}
