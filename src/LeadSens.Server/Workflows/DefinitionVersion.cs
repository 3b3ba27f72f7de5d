using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>A version as one workspace sees it.</summary>
/// <param name="IsShipped">It comes with the Server; the workspace has no own version of this number or before.</param>
/// <param name="Revision">Another one after each save, also of the same version.</param>
/// <param name="Editor">The opened editor that saved it; null: none.</param>
/// <param name="IsOutdated">It is the latest, and a newer version than the shipped one that it comes from is shipped.</param>
/// <param name="Body">Elsa 3 JSON; empty in lists.</param>
internal sealed record DefinitionVersion(
    string VersionId, string DefinitionId, bool IsShipped, int Version, string? Name, string? Description, string? ToolVersion, bool IsPublished, bool IsLatest,
    bool IsFrozen, DateTimeOffset CreatedAt, long Revision, string? Editor, string? SavedBy, DateTimeOffset SavedAt, string? ShippedHash, bool IsOutdated, string Body)
{
    /// <summary>The workspace has it no more; only runs of it are left, to look at.</summary>
    public bool IsGone { get; init; }
}

/// <summary>Reads the versions that a workspace sees. Another workspace's are not there.</summary>
internal static class DefinitionVersions
{
    private const string Columns = """
        version_id, definition_id, workspace_id is null, version, name, description, tool_version, published, latest, frozen, created_at, revision, editor, saved_by, saved_at, shipped_hash,
        latest and workspace_id is not null and shipped_hash <> (
            select s.body_hash from workflow_definitions s where s.definition_id = d.definition_id and s.workspace_id is null and s.deleted_at is null order by s.version desc limit 1) is true
        """;

    /// <summary>What runs began with stays theirs, also when it was deleted since.</summary>
    private const string GoneSql = """
        select version_id, definition_id, workspace_id is null, version, name, description, tool_version, false, false, true, created_at, revision, editor, saved_by, saved_at, shipped_hash, false, body
        from workflow_definitions d
        where version_id = $2 and (workspace_id = $1 or workspace_id is null)
          and exists (select from workflow_instances i where i.workspace_id = $1 and i.definition_id = d.definition_id and i.definition_version_id = $2)
        """;

    private const string SelectSql = $"select {Columns}, body from workflow_definitions_of($1) d";

    public static Task<DefinitionVersion?> FindVersionAsync(this Database database, Guid workspaceId, string versionId, CancellationToken cancellationToken) =>
        database.FirstAsync($"{SelectSql} where version_id = $2", Read, cancellationToken, workspaceId, versionId);

    /// <summary>Also a version that is gone, as long as a run of the workspace is left of it.</summary>
    public static async Task<DefinitionVersion?> FindVersionOrRunsAsync(this Database database, Guid workspaceId, string versionId, CancellationToken cancellationToken) =>
        await database.FindVersionAsync(workspaceId, versionId, cancellationToken)
        ?? await database.FirstAsync(GoneSql, row => Read(row) with { IsGone = true }, cancellationToken, workspaceId, versionId);

    public static Task<List<DefinitionVersion>> FindVersionsAsync(this Database database, Guid workspaceId, IReadOnlyList<string> versionIds, CancellationToken cancellationToken) =>
        database.ListAsync($"{SelectSql} where version_id = any($2) order by name, version", Read, cancellationToken, workspaceId, versionIds.ToArray());

    public static Task<DefinitionVersion?> FindDefinitionAsync(this Database database, Guid workspaceId, string definitionId, VersionOptions which, CancellationToken cancellationToken) =>
        database.FirstAsync($"{SelectSql} where definition_id = $2 and {which.Sql("$3")} order by version desc limit 1", Read, cancellationToken, workspaceId, definitionId, which.Number);

    /// <summary>In the caller's transaction.</summary>
    public static Task<DefinitionVersion?> FindDefinitionAsync(this NpgsqlConnection connection, Guid workspaceId, string definitionId, VersionOptions which, CancellationToken cancellationToken) =>
        connection.FirstAsync($"{SelectSql} where definition_id = $2 and {which.Sql("$3")} order by version desc limit 1", Read, cancellationToken, workspaceId, definitionId, which.Number);

    /// <summary>Versions whose text has these words somewhere, to look closer.</summary>
    public static Task<List<DefinitionVersion>> MentioningAsync(this Database database, Guid workspaceId, string text, CancellationToken cancellationToken) =>
        database.ListAsync($"{SelectSql} where latest and position($2 in body) > 0 order by name", Read, cancellationToken, workspaceId, text);

    public static async Task<(List<DefinitionVersion> Items, long Total)> ListAsync(this Database database, Guid workspaceId, DefinitionFilter filter, CancellationToken cancellationToken)
    {
        var rows = await database.ListAsync(
            $"select {Columns}, '' as body, count(*) over () from workflow_definitions_of($1) d where {filter.Where} order by {filter.Order} limit $7 offset $8",
            row => (Read(row), row.GetInt64(18)), cancellationToken, [workspaceId, .. filter.Values]);
        if (rows.Count > 0 || filter.Skip == 0) return ([.. rows.Select(row => row.Item1)], rows.Count > 0 ? rows[0].Item2 : 0);
        // Past the end nobody counted.
        var first = await database.ListAsync(workspaceId, filter with { Skip = 0, Take = 1 }, cancellationToken);
        return ([], first.Total);
    }

    private static DefinitionVersion Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetInt32(3), row.Text(4), row.Text(5), row.Text(6), row.GetBoolean(7), row.GetBoolean(8),
        row.GetBoolean(9), row.GetFieldValue<DateTimeOffset>(10), row.GetInt64(11), row.Text(12), row.Text(13), row.GetFieldValue<DateTimeOffset>(14), row.Text(15), row.GetBoolean(16), row.GetString(17));
}
