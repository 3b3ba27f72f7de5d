using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Writes new instances.</summary>
internal static class NewInstances
{
    private const string Columns = """
        id, workspace_id, definition_id, definition_version_id, definition_version, correlation_id, name, parent_id, root_id, state, activation, activation_key,
        status, sub_status, version, runnable, created_at, updated_at
        """;

    private const string Values = """
        c.id, c.workspace, c.definition, c.definition_version_id, c.definition_version, c.correlation, c.name, c.parent, c.root, c.state, c.activation, c.activation,
        'Running', 'Pending', 1, true, clock_timestamp(), clock_timestamp()
        """;

    private const string Given = """
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            c (id, workspace, definition, definition_version_id, definition_version, correlation, name, parent, root, state, activation, stamp)
        where c.stamp is null or exists (select from workflow_definition_stamps d where d.definition_id = c.definition and d.stamp = c.stamp)
        """;

    // Keys in one order, so that two transactions that want the same ones wait for each other in turn.
    private const string Written = "order by c.workspace, c.activation, c.id on conflict do nothing returning id";

    private const string FreeSql = $"insert into workflow_instances ({Columns}) select {Values} {Given} {Written}";

    private const string LeasedSql = $"""
        insert into workflow_instances ({Columns}, claim_token, lease_node, lease_until)
        select {Values}, $13, $14, clock_now() + $15 {Given} {Written}
        """;

    private const string RefusedSql = """
        insert into workflow_starts (id, workspace_id, definition_id, version_id, parent_id, correlation_id, refused, created_at)
        select c.id, c.workspace, c.definition, c.version, c.parent, c.correlation, c.reason, clock_timestamp()
        from unnest($1, $2, $3, $4, $5, $6, $7) c (id, workspace, definition, version, parent, correlation, reason)
        """;

    /// <summary>Writes them for any node to take. Answers those that were not written, because another run excludes them or their id exists.</summary>
    public static async Task<IReadOnlyList<NewInstance>> InsertAsync(NpgsqlConnection connection, IReadOnlyList<NewInstance> instances, CancellationToken cancellationToken)
    {
        if (instances.Count == 0)
            return [];
        await using var command = new NpgsqlCommand(FreeSql, connection);
        var written = await WriteAsync(Fill(command, instances), cancellationToken);
        return written.Count == instances.Count ? [] : [.. instances.Where(instance => !written.Contains(instance.Id))];
    }

    /// <summary>Writes them under a lease. Answers the ids of those that were written: no other run excludes them, their ids are new, and their
    /// definitions have not changed since their stamps.</summary>
    public static async Task<HashSet<Guid>> InsertLeasedAsync(
        NpgsqlCommand command, IReadOnlyList<NewInstance> instances, Guid token, Guid node, CancellationToken cancellationToken)
    {
        command.CommandText = LeasedSql;
        return await WriteAsync(Fill(command, instances).Add(token).Add(node).Add(PostgresWorkflowStore.LeaseTime), cancellationToken);
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

    private static async Task<HashSet<Guid>> WriteAsync(NpgsqlCommand command, CancellationToken cancellationToken) =>
        (await command.ListAsync(row => row.GetGuid(0), cancellationToken)).ToHashSet();

    private static NpgsqlCommand Fill(NpgsqlCommand command, IReadOnlyList<NewInstance> instances) => FillWhat(command, instances)
        .AddArray([.. instances.Select(instance => instance.DefinitionVersion)], NpgsqlDbType.Integer)
        .AddArray([.. instances.Select(instance => instance.CorrelationId)], NpgsqlDbType.Text)
        .AddArray([.. instances.Select(instance => instance.Name)], NpgsqlDbType.Text)
        .AddArray([.. instances.Select(instance => instance.ParentId)], NpgsqlDbType.Uuid)
        .AddArray([.. instances.Select(instance => instance.RootId)], NpgsqlDbType.Uuid)
        .AddArray([.. instances.Select(instance => instance.State)], NpgsqlDbType.Bytea)
        .AddArray([.. instances.Select(instance => instance.Activation?.Key)], NpgsqlDbType.Text)
        .AddArray([.. instances.Select(instance => instance.DefinitionStamp)], NpgsqlDbType.Bigint);

    private static NpgsqlCommand FillWhat(NpgsqlCommand command, IReadOnlyList<NewInstance> instances) => command
        .AddArray([.. instances.Select(instance => instance.Id)], NpgsqlDbType.Uuid).AddArray([.. instances.Select(instance => instance.TenantId)], NpgsqlDbType.Uuid)
        .AddArray([.. instances.Select(instance => instance.DefinitionId)], NpgsqlDbType.Text).AddArray([.. instances.Select(instance => instance.DefinitionVersionId)], NpgsqlDbType.Text);
}
