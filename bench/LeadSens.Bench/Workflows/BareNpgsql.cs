using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Bench.Workflows;

/// <summary>What PostgreSQL and Npgsql alone make of an engine's transactions: the same callers, each with a connection of its own and prepared statements, the same functions with
/// the same rows and bytes, one transaction each and nothing gathered. Its rows are in the database of a node of its own, so that the engine's runs are counted apart.</summary>
internal sealed class BareNpgsql : IAsyncDisposable
{
    private readonly ThrowAwayDatabase database;
    private readonly EngineNode node;
    private readonly Pools pools;
    private readonly List<NpgsqlConnection> connections = [];
    private readonly NewInstance start;
    private readonly BurstCommit suspension;
    private readonly BurstCommit ending;

    private BareNpgsql(ThrowAwayDatabase database, EngineNode node)
    {
        (this.database, this.node, pools) = (database, node, new Pools(database.Address, new PoolOptions()));
        (start, suspension, ending) = (node.Store.Start!, node.Store.Suspension!, node.Store.Ending!);
    }

    public static async Task<BareNpgsql> StartAsync(CancellationToken cancellationToken)
    {
        var database = await ThrowAwayDatabase.StartAsync(cancellationToken);
        var node = await EngineNode.StartAsync(database, cancellationToken);
        await node.PublishAsync(cancellationToken);
        // What it commits is the pattern of everything that is written here.
        var (_, instances) = await Load.SuspendAsync(node, 1, cancellationToken);
        await Load.ResumeAsync(node, instances, cancellationToken);
        var bare = new BareNpgsql(database, node);
        for (var caller = 0; caller < Load.Callers; caller++) bare.connections.Add(await bare.pools.System.OpenConnectionAsync(cancellationToken));
        return bare;
    }

    /// <summary>Two transactions each: the instance under its lease, and the burst that waits.</summary>
    public async Task<(LoadFigures Figures, IReadOnlyList<Guid> Instances)> SuspendAsync(int count, CancellationToken cancellationToken)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        return (await Load.EachAsync(ids, (id, caller) => SuspendAsync(connections[caller], id, cancellationToken), cancellationToken), ids);
    }

    /// <summary>Two transactions each: the stimulus with the lease, and the burst that ends.</summary>
    public Task<LoadFigures> ResumeAsync(IReadOnlyList<Guid> instances, CancellationToken cancellationToken) =>
        Load.EachAsync(instances, (id, caller) => ResumeAsync(connections[caller], id, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections) await connection.DisposeAsync();
        await pools.DisposeAsync();
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task SuspendAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        var lease = new InstanceLease(id, 1, Guid.CreateVersion7());
        await using (var insert = new NpgsqlCommand { Connection = connection })
            await NewInstances.InsertLeasedAsync(insert, [start with { Id = id }], lease.Token, node.Id, cancellationToken);
        var added = suspension.BookmarksAdded.Select(bookmark => bookmark with { Id = Guid.CreateVersion7(), Key = Wait.Key(id) });
        await CommitAsync(connection, suspension with { Lease = lease, BookmarksAdded = [.. added] }, cancellationToken);
    }

    private async Task ResumeAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        LeasedInstance? leased;
        await using (var resume = new NpgsqlCommand { Connection = connection })
        {
            var stimulus = new Stimulus(Wait.Key(id), Wait.Key(id));
            leased = (await PostgresWorkflowStore.ResumeAsync(resume, [Guid.CreateVersion7()], [stimulus], Guid.CreateVersion7(), node.Id, cancellationToken)).Single().Instance;
        }
        if (leased is null) throw new InvalidOperationException("A bare resume met no instance.");
        var consumed = leased.Inbox.Select(resumption => resumption.Id);
        await CommitAsync(connection, ending with { Lease = leased.Lease, ResumptionsConsumed = [.. consumed] }, cancellationToken);
    }

    private async Task CommitAsync(NpgsqlConnection connection, BurstCommit commit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        var result = await BurstCommand.ExecuteAsync(command, [commit], node.Id, cancellationToken);
        if (!result[0].Committed) throw new InvalidOperationException("A bare commit was refused.");
    }
}
