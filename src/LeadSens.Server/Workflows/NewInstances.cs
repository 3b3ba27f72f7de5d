using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Writes instances that any node may take, in the caller's transaction.</summary>
internal static class NewInstances
{
    // Keys in one order, so that two transactions that want the same ones wait for each other in turn.
    private const string InsertSql = """
        insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, correlation_id, name, parent_id,
            status, sub_status, state, version, runnable, created_at, updated_at, activation, activation_key)
        select c.id, c.workspace, c.definition, c.definition_version_id, c.definition_version, c.correlation, c.name, c.parent,
            'Running', 'Pending', c.state, 1, true, clock_timestamp(), clock_timestamp(), c.activation, c.activation
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            c (id, workspace, definition, definition_version_id, definition_version, correlation, name, parent, state, activation)
        order by c.workspace, c.activation, c.id
        on conflict do nothing returning id
        """;

    private const string RefusedSql = """
        insert into workflow_starts (id, workspace_id, definition_id, version_id, parent_id, correlation_id, refused, created_at)
        select c.id, c.workspace, c.definition, c.version, c.parent, c.correlation, c.reason, clock_timestamp()
        from unnest($1, $2, $3, $4, $5, $6, $7) c (id, workspace, definition, version, parent, correlation, reason)
        """;

    /// <summary>Answers those that were not written, because another run excludes them or their id exists.</summary>
    public static async Task<IReadOnlyList<NewInstance>> InsertAsync(NpgsqlConnection connection, IReadOnlyList<NewInstance> instances, CancellationToken cancellationToken)
    {
        if (instances.Count == 0)
            return [];
        await using var command = new NpgsqlCommand(InsertSql, connection);
        FillWhat(command, instances).AddArray([.. instances.Select(instance => instance.DefinitionVersion)], NpgsqlDbType.Integer)
            .AddArray([.. instances.Select(instance => instance.CorrelationId)], NpgsqlDbType.Text).AddArray([.. instances.Select(instance => instance.Name)], NpgsqlDbType.Text)
            .AddArray([.. instances.Select(instance => instance.ParentId)], NpgsqlDbType.Uuid).AddArray([.. instances.Select(instance => instance.State)], NpgsqlDbType.Bytea)
            .AddArray([.. instances.Select(instance => instance.Activation?.Key)], NpgsqlDbType.Text);
        var written = (await command.ListAsync(row => row.GetGuid(0), cancellationToken)).ToHashSet();
        return written.Count == instances.Count ? [] : [.. instances.Where(instance => !written.Contains(instance.Id))];
    }

    /// <summary>Keeps starts that other runs exclude, with the reason.</summary>
    public static async Task RecordRefusedAsync(NpgsqlConnection connection, IReadOnlyList<NewInstance> refused, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RefusedSql, connection);
        await FillWhat(command, refused).AddArray([.. refused.Select(instance => instance.ParentId)], NpgsqlDbType.Uuid)
            .AddArray([.. refused.Select(instance => instance.CorrelationId)], NpgsqlDbType.Text).AddArray([.. refused.Select(instance => instance.Activation?.Reason)], NpgsqlDbType.Text)
            .ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether a statement failed because another run holds the activation key.</summary>
    public static bool IsExcluded(PostgresException error) => error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "workflow_instances_activation" };

    private static NpgsqlCommand FillWhat(NpgsqlCommand command, IReadOnlyList<NewInstance> instances) => command
        .AddArray([.. instances.Select(instance => instance.Id)], NpgsqlDbType.Uuid).AddArray([.. instances.Select(instance => instance.TenantId)], NpgsqlDbType.Uuid)
        .AddArray([.. instances.Select(instance => instance.DefinitionId)], NpgsqlDbType.Text).AddArray([.. instances.Select(instance => instance.DefinitionVersionId)], NpgsqlDbType.Text);
}
