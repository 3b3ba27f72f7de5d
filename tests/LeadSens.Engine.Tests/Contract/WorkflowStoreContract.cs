using System.Text;
using LeadSens.Engine;

namespace LeadSens.Engine.Tests.Contract;

/// <summary>What every store must keep. A store's tests inherit this class and say how to open an empty store.</summary>
public abstract partial class WorkflowStoreContract
{
    /// <summary>Opens a store without instances.</summary>
    protected abstract Task<WorkflowStore> OpenAsync();

    /// <summary>Opens the same data as another node would.</summary>
    protected virtual Task<WorkflowStore> OpenAgainAsync(WorkflowStore store) => Task.FromResult(store);

    /// <summary>Moves the clock that due times are measured with.</summary>
    protected abstract Task PassAsync(WorkflowStore store, TimeSpan time);

    /// <summary>The tenant that instances belong to.</summary>
    protected virtual Guid TenantId { get; } = Guid.CreateVersion7();

    private protected static readonly CancellationToken None = CancellationToken.None;

    private protected NewInstance Instance(string state = "{}") =>
        new(Guid.CreateVersion7(), TenantId, "contract", "contract-1", 1, "correlation", "name", Encoding.UTF8.GetBytes(state));

    private protected static async Task<LeasedInstance> CreatedAsync(WorkflowStore store, NewInstance instance) =>
        (await store.CreateAsync(instance, None)).ShouldNotBeNull();

    private protected static Bookmark Wait(string key, TimeSpan? dueIn = null) =>
        new(Guid.CreateVersion7(), "wait", key, "Workflow1:box", "box", "Test.Wait", Guid.CreateVersion7(), null, null, dueIn);

    private protected static Stimulus Directed(string key) => new(key, key);

    private protected static Stimulus Broadcast(string key) => new(key, Guid.CreateVersion7().ToString(), StimulusKind.Broadcast);

    private protected static string Key() => $"batch:{Guid.CreateVersion7()}";

    /// <summary>A commit of a burst that leaves the instance suspended on these bookmarks.</summary>
    private protected static BurstCommit Burst(InstanceLease lease, params Bookmark[] added) =>
        new(lease, "{}"u8.ToArray(), WorkflowStatus.Running, WorkflowSubStatus.Suspended, "name", "correlation", 0, added, [], [], [], [], [], RunAgain: false);

    /// <summary>A commit of a burst that ends the instance.</summary>
    private protected static BurstCommit End(InstanceLease lease, WorkflowSubStatus how = WorkflowSubStatus.Finished) =>
        Burst(lease) with { Status = WorkflowStatus.Finished, SubStatus = how };
}
