using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

/// <summary>An instance as Studio lists it. Names and values are Studio's contract.</summary>
internal sealed record InstanceSummary(
    Guid Id, string DefinitionId, string DefinitionVersionId, int Version, Guid? ParentWorkflowInstanceId, string Status, string SubStatus, bool IsExecuting,
    string? CorrelationId, string? Name, int IncidentCount, bool IsSystem, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt)
{
    public const string Columns = """
        i.id, i.definition_id, i.definition_version_id, i.definition_version, i.parent_id, i.status, i.sub_status, i.claim_token is not null, i.correlation_id, i.name,
        i.incident_count, i.created_at, i.updated_at, i.finished_at
        """;

    public const int ColumnCount = 14;

    public static InstanceSummary Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.Maybe<Guid>(4), row.GetString(5), row.GetString(6), row.GetBoolean(7),
        row.Text(8), row.Text(9), row.GetInt32(10), false, row.GetFieldValue<DateTimeOffset>(11), row.GetFieldValue<DateTimeOffset>(12), row.Maybe<DateTimeOffset>(13));
}

/// <summary>A paged list: <c>{items, totalCount}</c>.</summary>
internal sealed record PagedList<T>(IReadOnlyList<T> Items, long TotalCount);

/// <summary>A whole list: <c>{items, count}</c>.</summary>
internal sealed record WholeList<T>(IReadOnlyList<T> Items)
{
    public int Count => Items.Count;
}
