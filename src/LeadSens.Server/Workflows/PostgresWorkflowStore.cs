using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Instances in PostgreSQL. The rules live in the functions of migrations 0012 and 0030; this class calls them, one statement per operation, gathers
/// what is asked for at the same time, and runs a burst's own writes in its transaction.</summary>
internal sealed class PostgresWorkflowStore : WorkflowStore
{
    /// <summary>Lines of journal; with more, a burst is written apart from the others, which would wait for it.</summary>
    private const int LongJournal = 200;

    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    private const string BusySql = "select true from workflow_instances where id = $1 and incident_count > 0 and claim_token is not null and lease_until >= clock_now()";

    private const string ReleaseSql = """
        update workflow_instances set claim_token = null, lease_node = null, lease_until = null, activation_key = null
        where id = $1 and claim_token = $2 and status = 'Finished'
        """;

    private const string HoldSql = "select workflow_hold($1, $2, $3, $4)";

    private readonly SystemDatabase _database;
    private readonly NodeIdentity _node;
    private readonly HeldLeases _held;
    private readonly WorkflowSignal? _signal;
    private readonly int _share;
    private readonly Gathered<NewInstance, LeasedInstance?> _creations;
    private readonly Gathered<BurstCommit, CommitResult> _commits;
    private readonly Gathered<BurstCommit, CommitResult> _longCommits;
    private readonly Gathered<Stimulus, ResumeResult> _stimuli;

    /// <param name="share">How many instances of one workspace this node takes at most.</param>
    public PostgresWorkflowStore(SystemDatabase database, NodeIdentity node, HeldLeases held, WorkflowSignal? signal = null, int share = int.MaxValue)
    {
        (_database, _node, _held, _signal, _share) = (database, node, held, signal, share);
        _creations = new(instance => instance.Id, instances => AgainAsync(() => CreateAllAsync(instances)));
        _commits = new(commit => commit.Lease.InstanceId, commits => AgainAsync(() => CommitAllAsync(commits)));
        _longCommits = new(commit => commit.Lease.InstanceId, commits => AgainAsync(() => CommitAllAsync(commits)), most: 1);
        _stimuli = new(stimulus => stimulus.DedupeKey, stimuli => AgainAsync(() => ResumeAllAsync(stimuli)));
    }

    public override Task<LeasedInstance?> CreateAsync(NewInstance instance, CancellationToken cancellationToken) => _creations.WriteAsync(instance);

    public override async Task<LeasedInstance?> AcquireAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        var token = Guid.CreateVersion7();
        await using var command = _database.CreateCommand("select * from workflow_acquire($1, $2, $3, $4, $5)");
        command.Add(instanceId).Add(1).Add(token).Add(_node.Id).Add(LeaseTime);
        var taken = await _held.TakeAsync(token, [], () => command.ListAsync(row => InstanceRows.Read(row), cancellationToken));
        return taken.Count == 0 ? null : Hold(taken[0]);
    }

    public override async Task<IReadOnlyList<LeasedInstance>> AcquireAnyAsync(int max, CancellationToken cancellationToken)
    {
        var (token, running) = (Guid.CreateVersion7(), _held.ByWorkspace);
        await using var command = _database.CreateCommand("select * from workflow_take_turns($1, $2, $3, $4, $5, $6, $7, $8)");
        command.Add(max).Add(_share).Add(!_held.HasSuspect).AddArray([.. running.Keys], NpgsqlDbType.Uuid).AddArray([.. running.Values], NpgsqlDbType.Integer).Add(token).Add(_node.Id).Add(LeaseTime);
        var taken = await _held.TakeAsync(token, [], () => command.ListAsync(row => InstanceRows.Read(row) with { Deaths = row.GetInt32(9) }, cancellationToken));
        taken.ForEach(instance => Hold(instance));
        return taken;
    }

    public override async Task<bool> ExistsAsync(Guid instanceId, CancellationToken cancellationToken) =>
        await _database.FirstAsync("select true from workflow_instances where id = $1", row => row.GetBoolean(0), cancellationToken, instanceId);

    public override Task<LeasedInstance?> SeizeAsync(Guid instanceId, CancellationToken cancellationToken) => SeizeAsync("any", instanceId, cancellationToken);

    public override async Task<Revival> ReviveAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        try
        {
            if (await SeizeAsync("revive", instanceId, cancellationToken) is { } instance)
                return new(instance);
        }
        catch (PostgresException error) when (NewInstances.IsExcluded(error))
        {
            return new(null, IsExcluded: true);
        }
        return new(null, IsBusy: await _database.FirstAsync(BusySql, row => row.GetBoolean(0), cancellationToken, instanceId));
    }

    public override Task<LeasedInstance?> TakeWaitingAsync(Guid instanceId, CancellationToken cancellationToken) => SeizeAsync("waiting", instanceId, cancellationToken);

    public override async Task ReleaseAsync(InstanceLease lease, CancellationToken cancellationToken)
    {
        await _database.ExecuteAsync(ReleaseSql, cancellationToken, lease.InstanceId, lease.Token);
        _held.Remove(lease);
    }

    public override async Task<CommitResult> CommitAsync(BurstCommit commit, CancellationToken cancellationToken)
    {
        var result = commit.Writes.Count + commit.Children.Count == 0
            ? await (commit.Journal.Count > LongJournal ? _longCommits : _commits).WriteAsync(commit)
            : await AgainAsync(() => CommitWithWritesAsync(commit, cancellationToken));
        if (result.Lease is null)
            _held.Remove(commit.Lease);
        foreach (var write in result.Committed ? commit.Writes : [])
            write.Committed();
        if (result.Committed && commit.Children.Count + commit.Stimuli.Count > 0)
            _signal?.Wake();
        return result;
    }

    public override async Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        return await Stimuli.SendAsync(connection, [stimulus], cancellationToken) == 1;
    }

    public override async Task<ResumeResult> ResumeAsync(Stimulus stimulus, CancellationToken cancellationToken) =>
        stimulus is { Kind: StimulusKind.Directed, InstanceId: null, CorrelationId: null }
            ? await _stimuli.WriteAsync(stimulus)
            : new ResumeResult(await SendAsync(stimulus, cancellationToken), null);

    public override async Task<int> FireDueAsync(int max, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("select workflow_fire_due($1)");
        command.Add(max);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Boxes that ran may have called somebody outside, so what collides is written again and not run again.</summary>
    private static Task<T> AgainAsync<T>(Func<Task<T>> write) => Transactions.AgainAsync(write, CancellationToken.None);

    private async Task<LeasedInstance?> SeizeAsync(string which, Guid instanceId, CancellationToken cancellationToken)
    {
        var token = Guid.CreateVersion7();
        await using var command = _database.CreateCommand("select * from workflow_seize($1, $2, $3, $4, $5)");
        command.Add(instanceId).Add(token).Add(_node.Id).Add(LeaseTime).Add(which);
        var seized = await _held.TakeAsync(token, [instanceId], () => command.ListAsync(row => InstanceRows.Read(row), cancellationToken));
        return seized.Count == 0 ? null : Hold(seized[0]);
    }

    private async Task<IReadOnlyList<LeasedInstance?>> CreateAllAsync(IReadOnlyList<NewInstance> instances)
    {
        var token = Guid.CreateVersion7();
        await using var command = _database.CreateCommand();
        var created = await _held.TakeAsync(
            token, [.. instances.Select(instance => instance.Id)], () => NewInstances.InsertLeasedAsync(command, instances, token, _node.Id, CancellationToken.None));
        return [.. instances.Select(instance => created.Contains(instance.Id)
            ? Hold(new LeasedInstance(new InstanceLease(instance.Id, 1, token), instance.TenantId, instance.DefinitionVersionId, instance.State, []))
            : null)];
    }

    private async Task<IReadOnlyList<ResumeResult>> ResumeAllAsync(IReadOnlyList<Stimulus> stimuli)
    {
        Guid[] ids = [.. stimuli.Select(_ => Guid.CreateVersion7())];
        var token = Guid.CreateVersion7();
        await using var command = _database.CreateCommand();
        var fresh = await _held.TakeAsync(token, [], () => ResumeAsync(command, ids, stimuli, token, _node.Id, CancellationToken.None));
        var results = Enumerable.Repeat(new ResumeResult(false, null), stimuli.Count).ToArray();
        foreach (var (stimulus, instance) in fresh)
            results[Array.IndexOf(ids, stimulus)] = new(true, instance is null ? null : Hold(instance));
        return results;
    }

    /// <summary>Answers the stimuli that were new, each with the instance that it resumes and that is leased now, if any.</summary>
    internal static Task<List<(Guid Stimulus, LeasedInstance? Instance)>> ResumeAsync(
        NpgsqlCommand command, Guid[] ids, IReadOnlyList<Stimulus> stimuli, Guid token, Guid node, CancellationToken cancellationToken)
    {
        command.CommandText = "select * from workflow_resume($1, $2, $3, $4, $5, $6, $7)";
        return command.AddArray(ids, NpgsqlDbType.Uuid).AddArray([.. stimuli.Select(stimulus => stimulus.Key)], NpgsqlDbType.Text)
            .AddArray([.. stimuli.Select(stimulus => stimulus.DedupeKey)], NpgsqlDbType.Text).AddArray([.. stimuli.Select(Stimuli.PayloadText)], NpgsqlDbType.Text)
            .Add(token).Add(node).Add(LeaseTime)
            .ListAsync(row => (row.GetGuid(0), row.IsDBNull(1) ? null : InstanceRows.Read(row, 1)), cancellationToken);
    }

    private async Task<IReadOnlyList<CommitResult>> CommitAllAsync(IReadOnlyList<BurstCommit> commits)
    {
        await using var command = _database.CreateCommand();
        return await BurstCommand.ExecuteAsync(command, commits, _node.Id, CancellationToken.None);
    }

    private async Task<CommitResult> CommitWithWritesAsync(BurstCommit commit, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await HoldAsync(connection, commit, cancellationToken))
            return new CommitResult(false, null, []);
        // Before the bookmarks are written, so that what a write sends already waits for them.
        foreach (var write in commit.Writes.Cast<SqlWrite>())
            await write.ExecuteAsync(connection, cancellationToken);
        if (commit.Children.Count > 0)
        {
            if (commit.Writes.Count > 0)
                await ActAs.SystemAsync(connection, cancellationToken);
            commit = await RefuseAsync(connection, commit, await NewInstances.InsertAsync(connection, commit.Children, cancellationToken), cancellationToken);
        }
        var results = await BurstCommand.ExecuteAsync(connection, ActAs.System(), [commit], _node.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return results[0];
    }

    /// <summary>Makes sure that the lease holds until the transaction ends. From here on it sees the rows of the run's workspace alone if boxes write: what they write is its, whatever
    /// ids they were given.</summary>
    private static async Task<bool> HoldAsync(NpgsqlConnection connection, BurstCommit commit, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (commit.Writes.Count > 0)
            batch.BatchCommands.Add(ActAs.WorkspaceOfRun(commit.Lease.InstanceId));
        var locks = commit.Writes.Cast<SqlWrite>().Select(write => write.LockFirst).OfType<Func<NpgsqlConnection, CancellationToken, Task>>().ToList();
        if (locks.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            batch.BatchCommands.Clear();
        }
        foreach (var take in locks)
            await take(connection, cancellationToken);
        batch.BatchCommands.Add(new(HoldSql)
        {
            Parameters = { new() { Value = commit.Lease.InstanceId }, new() { Value = commit.Lease.Token }, new() { Value = commit.Lease.Version }, new() { Value = BurstCommand.Keys(commit) } },
        });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        if (batch.BatchCommands.Count > 1)
            await rows.NextResultAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) && rows.GetBoolean(0);
    }

    private LeasedInstance Hold(LeasedInstance instance)
    {
        _held.Add(instance);
        return instance;
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
