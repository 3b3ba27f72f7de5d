using System.Collections.Concurrent;
using LeadSens.Engine;
using LeadSens.Server.Workflows;

namespace LeadSens.Bench.Workflows;

/// <summary>The Server's store; tells when the commit that ends an instance was answered.</summary>
internal sealed class WatchedStore(PostgresWorkflowStore inner) : WorkflowStore
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> ends = new();
    private int ended;

    /// <summary>Instances that ended so far.</summary>
    public int Ended => Volatile.Read(ref ended);

    /// <summary>The last start, the last burst that waited and the last that ended, as they were written.</summary>
    public NewInstance? Start { get; private set; }

    public BurstCommit? Suspension { get; private set; }

    public BurstCommit? Ending { get; private set; }

    /// <summary>Ends when the instance has; to be asked for before it can.</summary>
    public Task EndOf(Guid instanceId) => (ends[instanceId] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public override async Task<CommitResult> CommitAsync(BurstCommit commit, CancellationToken cancellationToken)
    {
        var result = await inner.CommitAsync(commit, cancellationToken);
        if (commit.Status == WorkflowStatus.Finished) Ending = commit;
        else Suspension = commit;
        if (result.Committed && commit.Status == WorkflowStatus.Finished)
        {
            Interlocked.Increment(ref ended);
            if (ends.TryRemove(commit.Lease.InstanceId, out var end)) end.SetResult();
        }
        return result;
    }

    public override Task<LeasedInstance?> CreateAsync(NewInstance instance, CancellationToken cancellationToken)
    {
        Start = instance;
        return inner.CreateAsync(instance, cancellationToken);
    }

    public override Task<LeasedInstance?> AcquireAsync(Guid instanceId, CancellationToken cancellationToken) => inner.AcquireAsync(instanceId, cancellationToken);

    public override Task<IReadOnlyList<LeasedInstance>> AcquireAnyAsync(int max, CancellationToken cancellationToken) => inner.AcquireAnyAsync(max, cancellationToken);

    public override Task<LeasedInstance?> SeizeAsync(Guid instanceId, CancellationToken cancellationToken) => inner.SeizeAsync(instanceId, cancellationToken);

    public override Task<Revival> ReviveAsync(Guid instanceId, CancellationToken cancellationToken) => inner.ReviveAsync(instanceId, cancellationToken);

    public override Task<bool> ExistsAsync(Guid instanceId, CancellationToken cancellationToken) => inner.ExistsAsync(instanceId, cancellationToken);

    public override Task ReleaseAsync(InstanceLease lease, CancellationToken cancellationToken) => inner.ReleaseAsync(lease, cancellationToken);

    public override Task<LeasedInstance?> TakeWaitingAsync(Guid instanceId, CancellationToken cancellationToken) => inner.TakeWaitingAsync(instanceId, cancellationToken);

    public override Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken) => inner.SendAsync(stimulus, cancellationToken);

    public override Task<ResumeResult> ResumeAsync(Stimulus stimulus, CancellationToken cancellationToken) => inner.ResumeAsync(stimulus, cancellationToken);

    public override Task<int> FireDueAsync(int max, CancellationToken cancellationToken) => inner.FireDueAsync(max, cancellationToken);
}
