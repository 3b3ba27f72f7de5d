using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>A run as others see it.</summary>
/// <param name="WaitsFor">What the open waits say they wait for.</param>
internal sealed record WorkflowInstanceView(
    Guid Id, Guid WorkspaceId, string DefinitionId, string DefinitionVersionId, int DefinitionVersion, string? CorrelationId, string? Name,
    string Status, string SubStatus, int IncidentCount, bool Paused, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt,
    IReadOnlyList<string> WaitsFor)
{
    internal const string Select = """
        select id, workspace_id, definition_id, definition_version_id, definition_version, correlation_id, name, status, sub_status, incident_count, paused,
            created_at, updated_at, finished_at,
            array(select coalesce(b.waits_for, b.name) from workflow_bookmarks b where b.instance_id = i.id and b.state = 0 order by b.created_at, b.id)
        from workflow_instances i where id = $1
        """;

    internal static WorkflowInstanceView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt32(4), Text(row, 5), Text(row, 6),
        row.GetString(7), row.GetString(8), row.GetInt32(9), row.GetBoolean(10), Time(row, 11), Time(row, 12), row.IsDBNull(13) ? null : Time(row, 13),
        row.GetFieldValue<string[]>(14));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);
}
