using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Workflows.Triggers;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>A row to write to <c>workflow_definitions</c>. Workspace null: shipped.</summary>
/// <param name="Editor">The opened editor that saves it; null: none.</param>
internal sealed record DefinitionRow(
    string VersionId, string DefinitionId, Guid? WorkspaceId, int Version, JsonObject Definition, bool Published, string? ShippedHash, string? Editor = null, string? SavedBy = null)
{
    /// <summary>What its boxes declare; kept when it is published.</summary>
    public IReadOnlyList<Trigger> Triggers { get; init; } = [];
}

/// <summary>Where a save goes.</summary>
/// <param name="Draft">The draft that it may change; null when it begins a new version.</param>
/// <param name="Version">The version's number.</param>
/// <param name="Next">The number of a new version, whether or not there is a draft.</param>
internal sealed record NextVersion(string? Draft, int Version, int Next);

/// <summary>Reads and writes definition rows in the caller's transaction.</summary>
internal static class DefinitionRows
{
    /// <summary>Holds this definition until the transaction ends.</summary>
    public static async Task<NextVersion> LockAsync(NpgsqlConnection connection, Guid? workspaceId, string definitionId, CancellationToken cancellationToken)
    {
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('definition:' || $1, 0))", connection))
            await take.Add(definitionId).ExecuteNonQueryAsync(cancellationToken);
        // What was deleted keeps its number: a version is never two things.
        await using var command = new NpgsqlCommand("""
            select version_id, version, not frozen and deleted_at is null and workspace_id is not distinct from $2, max(version) over () from workflow_definitions
            where definition_id = $1 and (workspace_id is not distinct from $2 or workspace_id is null)
            order by deleted_at is null desc, workspace_id nulls last, version desc limit 1
            """, connection);
        command.Add(definitionId).Parameters.Add(Sql.Nullable(workspaceId, NpgsqlDbType.Uuid));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken))
            return new NextVersion(null, 1, 1);
        var next = rows.GetInt32(3) + 1;
        return rows.GetBoolean(2) ? new NextVersion(rows.GetString(0), rows.GetInt32(1), next) : new NextVersion(null, next, next);
    }

    /// <summary>The hash of the shipped version that the workspace's copy comes from; a first copy comes from the newest. Null when nothing is shipped.</summary>
    public static async Task<string?> ShippedHashAsync(NpgsqlConnection connection, Guid? workspaceId, string definitionId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select shipped_hash from workflow_definitions where definition_id = $1 and (workspace_id = $2 or workspace_id is null) and deleted_at is null
            order by workspace_id nulls last, version desc limit 1
            """, connection);
        command.Add(definitionId).Parameters.Add(Sql.Nullable(workspaceId, NpgsqlDbType.Uuid));
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Writes a version. A workspace has one published version of a definition: publishing takes the one before out of service.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, DefinitionRow row, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into workflow_definitions (version_id, definition_id, workspace_id, version, name, published, frozen, body, body_hash, shipped_hash,
                description, tool_version, is_system, usable_as_activity, editor, saved_by)
            values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            on conflict (version_id) do update set name = $5, published = $6, frozen = $6, body = $7, body_hash = $8, shipped_hash = $9,
                description = $10, tool_version = $11, is_system = $12, usable_as_activity = $13, editor = $14, saved_by = $15,
                revision = nextval('workflow_definition_revisions'), saved_at = clock_timestamp()
            """, connection);
        var definition = row.Definition;
        command.Add(row.VersionId).Add(row.DefinitionId).Parameters.Add(Sql.Nullable(row.WorkspaceId, NpgsqlDbType.Uuid));
        command.Add(row.Version).AddNullable(definition.Text("name")).Add(row.Published)
            .Add(DefinitionText.Stamp(definition, row.VersionId, row.DefinitionId, row.Version, row.Published)).Add(DefinitionText.Hash(definition)).AddNullable(row.ShippedHash)
            .AddNullable(definition.Text("description")).AddNullable(definition.Text("toolVersion")).Add(definition.Flag("isSystem"))
            .Add((definition["options"] as JsonObject)?.Flag("usableAsActivity") ?? false).AddNullable(row.Editor).AddNullable(row.SavedBy);
        await command.ExecuteNonQueryAsync(cancellationToken);
        if (row is { Published: true, WorkspaceId: { } workspaceId })
            await SetPublishedAsync(connection, workspaceId, row.DefinitionId, row.VersionId, row.Triggers, cancellationToken);
        else if (row.Published)
            await PutInServiceAsync(connection, null, row.DefinitionId, row.VersionId, row.Triggers, cancellationToken);
    }

    /// <summary>Puts one of the workspace's own versions into service, and no other.</summary>
    public static async Task SetPublishedAsync(NpgsqlConnection connection, Guid workspaceId, string definitionId, string versionId, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            update workflow_definitions set published = version_id = $3, frozen = frozen or version_id = $3, retracted = false
            where definition_id = $1 and workspace_id = $2 and deleted_at is null and (published or retracted or version_id = $3)
            """, connection);
        await command.Add(definitionId).Add(workspaceId).Add(versionId).ExecuteNonQueryAsync(cancellationToken);
        await PutInServiceAsync(connection, workspaceId, definitionId, versionId, triggers, cancellationToken);
    }

    /// <summary>Takes the definition out of service in this workspace, the shipped one too.</summary>
    public static async Task SetRetractedAsync(NpgsqlConnection connection, Guid workspaceId, string definitionId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "update workflow_definitions set published = false, retracted = true where definition_id = $1 and workspace_id = $2 and deleted_at is null", connection);
        await command.Add(definitionId).Add(workspaceId).ExecuteNonQueryAsync(cancellationToken);
        await TriggerRows.IndexAsync(connection, workspaceId, definitionId, cancellationToken);
    }

    private static async Task PutInServiceAsync(
        NpgsqlConnection connection, Guid? workspaceId, string definitionId, string versionId, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        await TriggerRows.DeclareAsync(connection, versionId, triggers, cancellationToken);
        await TriggerRows.IndexAsync(connection, workspaceId, definitionId, cancellationToken);
    }
}
