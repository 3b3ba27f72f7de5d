using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>A row of <c>workflow_definitions</c>. Workspace null: shipped.</summary>
internal sealed record DefinitionRow(
    string VersionId, string DefinitionId, Guid? WorkspaceId, int Version, string? Name, bool Published, string Body, string BodyHash, string? ShippedHash);

/// <summary>Reads and writes definition rows in the caller's transaction.</summary>
internal static class DefinitionRows
{
    /// <summary>Holds this definition until the transaction ends. Answers the draft that a save may change and its version, or null and the next version.</summary>
    public static async Task<(string? Draft, int Version)> LockAsync(NpgsqlConnection connection, Guid? workspaceId, string definitionId, CancellationToken cancellationToken)
    {
        await using (var take = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('definition:' || $1, 0))", connection))
            await take.Add(definitionId).ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand("""
            select version_id, version, not frozen and workspace_id is not distinct from $2 from workflow_definitions
            where definition_id = $1 and (workspace_id is not distinct from $2 or workspace_id is null) order by version desc, workspace_id nulls last limit 1
            """, connection);
        command.Add(definitionId).Parameters.Add(Sql.Nullable(workspaceId, NpgsqlDbType.Uuid));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken))
            return (null, 1);
        return rows.GetBoolean(2) ? (rows.GetString(0), rows.GetInt32(1)) : (null, rows.GetInt32(1) + 1);
    }

    /// <summary>The hash of the shipped version that the workspace's copy comes from; a first copy comes from the newest. Null when nothing is shipped.</summary>
    public static async Task<string?> ShippedHashAsync(NpgsqlConnection connection, Guid? workspaceId, string definitionId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select shipped_hash from workflow_definitions where definition_id = $1 and (workspace_id = $2 or workspace_id is null)
            order by workspace_id nulls last, version desc limit 1
            """, connection);
        command.Add(definitionId).Parameters.Add(Sql.Nullable(workspaceId, NpgsqlDbType.Uuid));
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    public static async Task WriteAsync(NpgsqlConnection connection, DefinitionRow row, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            insert into workflow_definitions (version_id, definition_id, workspace_id, version, name, published, frozen, body, body_hash, shipped_hash)
            values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)
            on conflict (version_id) do update set name = $5, published = $6, frozen = $6, body = $7, body_hash = $8, shipped_hash = $9
            """, connection);
        command.Add(row.VersionId).Add(row.DefinitionId).Parameters.Add(Sql.Nullable(row.WorkspaceId, NpgsqlDbType.Uuid));
        command.Add(row.Version).AddNullable(row.Name).Add(row.Published).Add(row.Body).Add(row.BodyHash).AddNullable(row.ShippedHash);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
