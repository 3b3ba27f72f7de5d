using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Base of tests on the store: two nodes on one database.</summary>
public abstract class StoreTest : DatabaseTest
{
    internal WorkflowStore Store { get; private set; } = null!;
    internal WorkflowStore Other { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Store = NewStore();
        Other = NewStore();
    }

    internal PostgresWorkflowStore NewStore(NodeIdentity? node = null, HeldLeases? held = null) => new(DataSource, node ?? new NodeIdentity(), held ?? new HeldLeases());

    internal static async Task<LeasedInstance> CreateAsync(WorkflowStore store) => (await store.CreateAsync(
        new NewInstance(Guid.CreateVersion7(), Guid.CreateVersion7(), "test", "test-1", 1, null, null, "{}"u8.ToArray()), CancellationToken.None)).ShouldNotBeNull();

    internal async Task<Guid> SuspendAsync(params Bookmark[] bookmarks)
    {
        var leased = await CreateAsync(Store);
        (await Store.CommitAsync(Burst(leased.Lease, bookmarks), CancellationToken.None)).Committed.ShouldBeTrue();
        return leased.Lease.InstanceId;
    }

    internal static Bookmark Wait(string key, TimeSpan? dueIn = null) =>
        new(Guid.CreateVersion7(), "wait", key, "Workflow1:box", "box", "Test.Wait", Guid.CreateVersion7(), null, "the test", dueIn);

    internal static string Key() => $"batch:{Guid.CreateVersion7()}";

    internal static Stimulus Directed(string key) => new(key, key);

    internal static BurstCommit Burst(InstanceLease lease, params Bookmark[] added) =>
        new(lease, "{}"u8.ToArray(), WorkflowStatus.Running, WorkflowSubStatus.Suspended, null, null, 0, added, [], [], [], [], [], RunAgain: false);

    internal static BurstCommit Consume(LeasedInstance leased, params Bookmark[] added) => Burst(leased.Lease, added) with
    {
        ResumptionsConsumed = [.. leased.Inbox.Select(resumption => resumption.Id)],
        BookmarksBurned = [.. leased.Inbox.Select(resumption => resumption.BookmarkId)]
    };

    internal static SqlWrite Write(string sql, Action? committed = null) => new(
        async (connection, cancellationToken) =>
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        },
        committed);
}
