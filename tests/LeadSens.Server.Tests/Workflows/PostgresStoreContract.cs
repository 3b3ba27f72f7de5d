using LeadSens.Engine;
using LeadSens.Engine.Tests.Contract;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>The store contract on PostgreSQL; another node is another store with an identity of its own.</summary>
public sealed class PostgresStoreContract : WorkflowStoreContract, IAsyncLifetime
{
    private TestDatabase _db = null!;

    public async ValueTask InitializeAsync() => _db = await TestPostgres.NewDatabaseAsync();

    public async ValueTask DisposeAsync() => await _db.DisposeAsync();

    protected override Task<WorkflowStore> OpenAsync() => Task.FromResult<WorkflowStore>(new PostgresWorkflowStore(_db.DataSource, new NodeIdentity(), new HeldLeases()));

    protected override Task<WorkflowStore> OpenAgainAsync(WorkflowStore store) => OpenAsync();

    protected override Task PassAsync(WorkflowStore store, TimeSpan time) => _db.ShiftClockAsync(time);
}
