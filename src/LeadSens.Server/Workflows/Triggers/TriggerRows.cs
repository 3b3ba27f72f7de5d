using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows.Triggers;

/// <summary>Writes what starts workflows, in the transaction that changes what is in service.</summary>
internal static class TriggerRows
{
    private const string TakenSql = """
        select t.key, coalesce(d.name, t.definition_id), t.activity_id from workflow_triggers t join workflow_definitions d using (version_id)
        where t.workspace_id = $1 and t.definition_id <> $2 and t.key = any ($3) and t.exclusive
        """;

    /// <summary>Keeps what the boxes of a version declare.</summary>
    public static async Task DeclareAsync(NpgsqlConnection connection, string versionId, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("update workflow_definitions set triggers_read = true where version_id = $1") { Parameters = { Workflows.Sql.Value(versionId) } });
        batch.BatchCommands.Add(new("delete from workflow_version_triggers where version_id = $1") { Parameters = { Workflows.Sql.Value(versionId) } });
        foreach (var box in triggers.GroupBy(trigger => trigger.ActivityId))
        foreach (var (ordinal, trigger) in box.Index())
            batch.BatchCommands.Add(Insert(versionId, ordinal, trigger));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Brings the triggers of a definition in line with the version that is in service.</summary>
    /// <param name="workspaceId">Null: of every workspace, after something was shipped.</param>
    /// <exception cref="PostgresException">Another workflow of the workspace has an exclusive trigger; see <see cref="IsTaken"/>.</exception>
    public static Task IndexAsync(NpgsqlConnection connection, Guid? workspaceId, string definitionId, CancellationToken cancellationToken) => workspaceId is { } workspace
        ? connection.ExecuteAsync("select workflow_index_triggers($1, $2)", cancellationToken, workspace, definitionId)
        : connection.ExecuteAsync("select workflow_index_triggers(id, $1) from workspaces order by id", cancellationToken, definitionId);

    /// <summary>Whether publishing failed because an exclusive trigger is taken.</summary>
    public static bool IsTaken(PostgresException error) => error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "workflow_triggers_exclusive" };

    /// <summary>Which of these triggers are taken and by whom.</summary>
    public static async Task<IReadOnlyList<DefinitionError>> TakenAsync(Database database, Guid workspaceId, string? definitionId, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        var mine = triggers.Where(trigger => trigger.Request is { IsExclusive: true, Key: not null }).ToList();
        var others = await database.ListAsync(
            TakenSql, row => (Key: row.GetString(0), Workflow: row.GetString(1), Box: row.GetString(2)), cancellationToken, workspaceId, definitionId ?? "", mine.Select(trigger => trigger.Request.Key!).ToArray());
        return [.. from trigger in mine join other in others on trigger.Request.Key equals other.Key select new DefinitionError(trigger.ActivityId, "",
            $"The box '{trigger.ActivityId}' takes {trigger.Request.Describe()}, which the box '{other.Box}' of the published workflow '{other.Workflow}' takes already; only one may. Change one of them, or retract that workflow.")];
    }

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
