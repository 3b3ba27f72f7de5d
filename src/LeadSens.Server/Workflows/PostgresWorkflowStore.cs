using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Instances in PostgreSQL. The rules live in the functions of migrations 0002, 0007 and 0010; this class calls them, one statement per
/// operation, and runs a burst's own writes in its transaction.</summary>
internal sealed class PostgresWorkflowStore(NpgsqlDataSource database, NodeIdentity node, HeldLeases held, WorkflowSignal? signal = null) : WorkflowStore
{
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    private const string Insert = """
        insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, correlation_id, name,
            status, sub_status, state, version, runnable, claim_token, lease_node, lease_until, created_at, updated_at, parent_id, activation, activation_key)
        values ($1, $2, $3, $4, $5, $6, $7, 'Running', 'Pending', $8, 1, true, $9, $10, clock_now() + $11, clock_timestamp(), clock_timestamp(), $12, $13, $13)
        on conflict do nothing
        """;

    private const string Seize = """
        update workflow_instances set claim_token = $1, lease_node = $2, lease_until = clock_now() + $3 where id = $4
        returning id, version, workspace_id, definition_version_id, state
        """;

    private const string Revive = """
        update workflow_instances set claim_token = $1, lease_node = $2, lease_until = clock_now() + $3, activation_key = activation where id = $4
        returning id, version, workspace_id, definition_version_id, state
        """;

    private const string TakeWaiting = """
        update workflow_instances i set claim_token = $1, lease_node = $2, lease_until = clock_now() + $3
        where id = $4 and status = 'Running' and not runnable and (claim_token is null or lease_until < clock_now()) and not exists (select from workflow_resumptions r where r.instance_id = i.id)
        returning id, version, workspace_id, definition_version_id, state
        """;

    private const string ReadInboxes = "select instance_id, id, bookmark_id, payload from workflow_inboxes($1)";

    public override async Task<LeasedInstance?> CreateAsync(NewInstance instance, CancellationToken cancellationToken)
    {
        var token = Guid.CreateVersion7();
        await using var command = database.CreateCommand(Insert);
        command.Add(instance.Id).Add(instance.TenantId).Add(instance.DefinitionId).Add(instance.DefinitionVersionId).Add(instance.DefinitionVersion)
            .AddNullable(instance.CorrelationId).AddNullable(instance.Name).Add(instance.State).Add(token).Add(node.Id).Add(LeaseTime);
        command.Parameters.Add(Sql.Nullable(instance.ParentId, NpgsqlDbType.Uuid));
        command.AddNullable(instance.Activation?.Key);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            return null;
        var lease = new InstanceLease(instance.Id, 1, token);
        held.Add(lease);
        return new LeasedInstance(lease, instance.TenantId, instance.DefinitionVersionId, instance.State, []);
    }

    public override async Task<LeasedInstance?> AcquireAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        var acquired = await TakeAsync(token => Acquire(instanceId, 1, token), cancellationToken);
        return acquired.Count == 0 ? null : acquired[0];
    }

    public override Task<IReadOnlyList<LeasedInstance>> AcquireAnyAsync(int max, CancellationToken cancellationToken) =>
        TakeAsync(token => Acquire(null, max, token), cancellationToken);

    public override async Task<bool> ExistsAsync(Guid instanceId, CancellationToken cancellationToken) =>
        await database.FirstAsync("select true from workflow_instances where id = $1", row => row.GetBoolean(0), cancellationToken, instanceId);

    public override Task<LeasedInstance?> SeizeAsync(Guid instanceId, CancellationToken cancellationToken) => SeizeAsync(Seize, instanceId, cancellationToken);

    public override async Task<LeasedInstance?> ReviveAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        try
        {
            return await SeizeAsync(Revive, instanceId, cancellationToken);
        }
        catch (PostgresException error) when (NewInstances.IsExcluded(error))
        {
            return null;
        }
    }

    private async Task<LeasedInstance?> SeizeAsync(string sql, Guid instanceId, CancellationToken cancellationToken)
    {
        var seized = await TakeAsync(
            token => new NpgsqlBatchCommand(sql) { Parameters = { Sql.Value(token), Sql.Value(node.Id), Sql.Value(LeaseTime), Sql.Value(instanceId) } }, cancellationToken);
        return seized.Count == 0 ? null : seized[0];
    }

    public override Task<LeasedInstance?> TakeWaitingAsync(Guid instanceId, CancellationToken cancellationToken) => SeizeAsync(TakeWaiting, instanceId, cancellationToken);

    public override async Task<CommitResult> CommitAsync(BurstCommit commit, CancellationToken cancellationToken)
    {
        var result = commit.Writes.Count + commit.Children.Count == 0
            ? await CommitAloneAsync(commit, cancellationToken)
            : await CommitWithWritesAsync(commit, cancellationToken);
        if (result.Lease is null)
            held.Remove(commit.Lease);
        foreach (var write in result.Committed ? commit.Writes : [])
            write.Committed();
        if (result.Committed && commit.Children.Count + commit.Stimuli.Count > 0)
            signal?.Wake();
        return result;
    }

    public override async Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Stimuli.SendAsync(connection, [stimulus], cancellationToken) == 1;
    }

    public override async Task<int> FireDueAsync(int max, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select workflow_fire_due($1)");
        command.Add(max);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private NpgsqlBatchCommand Acquire(Guid? instanceId, int max, Guid token) => new("select * from workflow_acquire($1, $2, $3, $4, $5)")
    {
        Parameters = { Sql.Nullable(instanceId, NpgsqlDbType.Uuid), Sql.Value(max), Sql.Value(token), Sql.Value(node.Id), Sql.Value(LeaseTime) }
    };

    /// <summary>Takes leases and reads their inboxes in one round trip and one transaction.</summary>
    private async Task<IReadOnlyList<LeasedInstance>> TakeAsync(Func<Guid, NpgsqlBatchCommand> take, CancellationToken cancellationToken)
    {
        var token = Guid.CreateVersion7();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(take(token));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ReadInboxes) { Parameters = { Sql.Value(token) } });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var taken = await InstanceRows.ReadAsync(rows, token, cancellationToken);
        foreach (var instance in taken)
            held.Add(instance.Lease);
        return taken;
    }

    private async Task<CommitResult> CommitAloneAsync(BurstCommit commit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(BurstCommand.Text);
        BurstCommand.Fill(command, commit, node.Id);
        return await BurstCommand.ReadAsync(command, commit, cancellationToken);
    }

    private async Task<CommitResult> CommitWithWritesAsync(BurstCommit commit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var hold = new NpgsqlCommand("select workflow_hold($1, $2, $3, $4)", connection);
        hold.Add(commit.Lease.InstanceId).Add(commit.Lease.Token).Add(commit.Lease.Version).Add(BurstCommand.Keys(commit));
        if (!(bool)(await hold.ExecuteScalarAsync(cancellationToken))!)
            return new CommitResult(false, null, []);
        // Before the bookmarks are written, so that what a write sends already waits for them.
        foreach (var write in commit.Writes.Cast<SqlWrite>())
            await write.ExecuteAsync(connection, cancellationToken);
        commit = await RefuseAsync(connection, commit, await NewInstances.InsertAsync(connection, commit.Children, cancellationToken), cancellationToken);
        await using var command = new NpgsqlCommand(BurstCommand.Text, connection);
        BurstCommand.Fill(command, commit, node.Id);
        var result = await BurstCommand.ReadAsync(command, commit, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>Records which children other runs exclude, and tells the boxes that want them.</summary>
    private static async Task<BurstCommit> RefuseAsync(NpgsqlConnection connection, BurstCommit commit, IReadOnlyList<NewInstance> refused, CancellationToken cancellationToken)
    {
        if (refused.Count == 0)
            return commit;
        await NewInstances.RecordRefusedAsync(connection, refused, cancellationToken);
        return commit with { Stimuli = [.. commit.Stimuli, .. refused.Select(child => child.Refusal).OfType<Stimulus>()] };
    }
}
