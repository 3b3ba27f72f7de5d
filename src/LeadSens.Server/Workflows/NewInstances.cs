using LeadSens.Engine;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Writes instances that any node may take, in the caller's transaction.</summary>
internal static class NewInstances
{
    private const string InsertSql = """
        insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, correlation_id, name, parent_id,
            status, sub_status, state, version, runnable, created_at, updated_at)
        select c.id, c.workspace, c.definition, c.definition_version_id, c.definition_version, c.correlation, c.name, c.parent,
            'Running', 'Pending', c.state, 1, true, clock_timestamp(), clock_timestamp()
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) c (id, workspace, definition, definition_version_id, definition_version, correlation, name, parent, state)
        """;

    public static async Task InsertAsync(NpgsqlConnection connection, IReadOnlyList<NewInstance> instances, CancellationToken cancellationToken)
    {
        if (instances.Count == 0)
            return;
        await using var command = new NpgsqlCommand(InsertSql, connection);
        command.AddArray([.. instances.Select(instance => instance.Id)], NpgsqlDbType.Uuid).AddArray([.. instances.Select(instance => instance.TenantId)], NpgsqlDbType.Uuid)
            .AddArray([.. instances.Select(instance => instance.DefinitionId)], NpgsqlDbType.Text).AddArray([.. instances.Select(instance => instance.DefinitionVersionId)], NpgsqlDbType.Text)
            .AddArray([.. instances.Select(instance => instance.DefinitionVersion)], NpgsqlDbType.Integer).AddArray([.. instances.Select(instance => instance.CorrelationId)], NpgsqlDbType.Text)
            .AddArray([.. instances.Select(instance => instance.Name)], NpgsqlDbType.Text).AddArray([.. instances.Select(instance => instance.ParentId)], NpgsqlDbType.Uuid)
            .AddArray([.. instances.Select(instance => instance.State)], NpgsqlDbType.Bytea);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
