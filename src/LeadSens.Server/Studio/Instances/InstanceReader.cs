using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

/// <summary>One instance with what its state and its bookmarks hold.</summary>
internal sealed record InstanceDetail(InstanceSummary Summary, InstanceSnapshot? State, IReadOnlyList<BookmarkView> Bookmarks);

/// <summary>A wait. <c>waitsFor</c>, <c>dueAt</c> and <c>createdAt</c> say for what, until when and since when.</summary>
internal sealed record BookmarkView(
    Guid Id, string Name, string Hash, object? Payload, string ActivityId, string ActivityNodeId, Guid ActivityInstanceId, DateTimeOffset CreatedAt, string? WaitsFor,
    DateTimeOffset? DueAt, bool AutoBurn, IReadOnlyDictionary<string, string> Metadata);

/// <summary>Reads one instance of a workspace.</summary>
internal sealed class InstanceReader(Database database, DefinitionStore definitions)
{
    private const string BookmarksSql = """
        select id, name, key, node_id, activity_id, execution_id, created_at, waits_for, due_at from workflow_bookmarks where instance_id = $1 and state = 0 order by created_at, id
        """;

    public Task<bool> ExistsAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken) =>
        database.FirstAsync("select true from workflow_instances where workspace_id = $1 and id = $2", row => row.GetBoolean(0), cancellationToken, workspaceId, id);

    /// <summary>The row alone, for what Studio asks again and again. Null when the workspace has no such instance.</summary>
    public Task<InstanceSummary?> SummaryAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken) =>
        database.FirstAsync($"select {InstanceSummary.Columns} from workflow_instances i where i.workspace_id = $1 and i.id = $2", InstanceSummary.Read, cancellationToken, workspaceId, id);

    /// <summary>Null when the workspace has no such instance.</summary>
    public async Task<InstanceDetail?> ReadAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken)
    {
        var found = await database.FirstAsync(
            $"select {InstanceSummary.Columns}, i.state from workflow_instances i where i.workspace_id = $1 and i.id = $2",
            row => (Summary: InstanceSummary.Read(row), State: row.GetFieldValue<byte[]>(InstanceSummary.ColumnCount)), cancellationToken, workspaceId, id);
        if (found.Summary is null) return null;
        var definition = await definitions.LookAtAsync(found.Summary.DefinitionVersionId, cancellationToken);
        var bookmarks = await database.ListAsync(BookmarksSql, ReadBookmark, cancellationToken, id);
        return new(found.Summary, definition is null ? null : InstanceSnapshot.Read(found.State, definition), bookmarks);
    }

    private static BookmarkView ReadBookmark(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), null, row.GetString(4), row.GetString(3), row.GetGuid(5), row.GetFieldValue<DateTimeOffset>(6),
        row.Text(7), row.Maybe<DateTimeOffset>(8), true, new Dictionary<string, string>());
}
