namespace LeadSens.Engine;

/// <summary>Where instances live. Every store passes the contract tests (tests/LeadSens.Engine.Tests/Contract).</summary>
public abstract class WorkflowStore
{
    /// <summary>Writes a new instance, durable before it runs, with the caller's lease. Null when the id exists already, or when an instance that
    /// has not ended holds its <see cref="Activation"/> key in the tenant; <see cref="ExistsAsync"/> tells which.</summary>
    public abstract Task<LeasedInstance?> CreateAsync(NewInstance instance, CancellationToken cancellationToken);

    /// <summary>Whether there is an instance with this id.</summary>
    public abstract Task<bool> ExistsAsync(Guid instanceId, CancellationToken cancellationToken);

    /// <summary>Takes the lease of an instance that has something to do: resumptions in its inbox, or a burst that never committed (Pending,
    /// Executing, Interrupted). Null when it has nothing to do, is finished, paused, or leased by another.</summary>
    public abstract Task<LeasedInstance?> AcquireAsync(Guid instanceId, CancellationToken cancellationToken);

    /// <summary>Takes the leases of up to <paramref name="max"/> instances that have something to do, oldest first.</summary>
    public abstract Task<IReadOnlyList<LeasedInstance>> AcquireAnyAsync(int max, CancellationToken cancellationToken);

    /// <summary>Takes the lease of an instance in whatever state, from whoever holds it, whose commit then writes nothing: for cancel. Null when it
    /// does not exist.</summary>
    public abstract Task<LeasedInstance?> SeizeAsync(Guid instanceId, CancellationToken cancellationToken);

    /// <summary>Takes the lease of an instance that met incidents and that nobody runs, for a retry: one that ended as Faulted takes its activation key
    /// back with it.</summary>
    public abstract Task<Revival> ReviveAsync(Guid instanceId, CancellationToken cancellationToken);

    /// <summary>Takes the lease of an instance that waits and has nothing to do, for a change from outside. Null when it does not exist, has ended,
    /// or is leased by another, whose burst would then be lost.</summary>
    public abstract Task<LeasedInstance?> TakeWaitingAsync(Guid instanceId, CancellationToken cancellationToken);

    /// <summary>Gives back a lease under which nothing was done to an instance that has ended: it stays as it is, and frees the activation key that a retry took.</summary>
    public abstract Task ReleaseAsync(InstanceLease lease, CancellationToken cancellationToken);

    /// <summary>Commits one burst in one transaction, or nothing of it. Releases the lease in the same transaction unless the answer
    /// holds resumptions that arrived meanwhile or <see cref="BurstCommit.RunAgain"/> was asked for. One that is released with something left to do
    /// (Executing, Interrupted) is behind the others of its tenant. A commit that ends the instance as
    /// Finished or Cancelled closes its bookmarks and resumptions; one that ends it as Faulted keeps them for a retry. An end frees the activation key.
    /// The instances that it creates are there for any node to take; for one whose activation key is held its refusal is sent instead.</summary>
    public abstract Task<CommitResult> CommitAsync(BurstCommit commit, CancellationToken cancellationToken);

    /// <summary>Writes a stimulus and matches it, in a transaction of its own. False when the dedupe key was there already.</summary>
    public abstract Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken);

    /// <summary>As <see cref="SendAsync"/>, and takes the lease of the instance that a directed stimulus resumes, in the same transaction, when nobody
    /// holds it: the caller runs it on.</summary>
    public abstract Task<ResumeResult> ResumeAsync(Stimulus stimulus, CancellationToken cancellationToken);

    /// <summary>Turns up to <paramref name="max"/> bookmarks whose time has come into resumptions without payload; answers how many.</summary>
    public abstract Task<int> FireDueAsync(int max, CancellationToken cancellationToken);
}

/// <summary>An instance to create.</summary>
/// <param name="TenantId">Opaque to the engine; the Server's workspace id.</param>
/// <param name="State">UTF-8 JSON of the initial state.</param>
public sealed record NewInstance(Guid Id, Guid TenantId, string DefinitionId, string DefinitionVersionId, int DefinitionVersion, string? CorrelationId, string? Name, byte[] State)
{
    /// <summary>The instance whose box started it; null when none did.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>The instance that started the first of those which led to it; null when none did.</summary>
    public Guid? RootId { get; init; }

    /// <summary>What it holds against others until it ends; null when it does not mind any.</summary>
    public Activation? Activation { get; init; }

    /// <summary>What the one who wants it is told when it is refused; null when nobody waits to hear.</summary>
    public Stimulus? Refusal { get; init; }

    /// <summary>Opaque to the engine; the store refuses the instance when its definition changed since the caller read this. Null: it need not look.</summary>
    public long? DefinitionStamp { get; init; }
}

/// <summary>Which instances exclude each other: of those with one key in a tenant only one may be unfinished.</summary>
/// <param name="Reason">For a person whose start is refused.</param>
public sealed record Activation(string Key, string Reason);

/// <summary>An instance that is to be retried.</summary>
/// <param name="Instance">Null when there is none that met incidents, or for one of the other reasons.</param>
/// <param name="IsExcluded">Another instance holds its activation key by now.</param>
/// <param name="IsBusy">It is leased by another, whose burst would be lost.</param>
public sealed record Revival(LeasedInstance? Instance, bool IsExcluded = false, bool IsBusy = false);

/// <summary>What became of a stimulus.</summary>
/// <param name="Sent">False when the dedupe key was there already.</param>
/// <param name="Instance">The instance that it resumed, under the caller's lease; null when it resumed none or another runs it.</param>
public sealed record ResumeResult(bool Sent, LeasedInstance? Instance);

/// <summary>The right to commit: instance, the version that was read and the claim token.</summary>
public sealed record InstanceLease(Guid InstanceId, long Version, Guid Token);

/// <summary>An instance as it was read under a lease.</summary>
/// <param name="Inbox">Resumptions that wait for it, oldest first.</param>
public sealed record LeasedInstance(InstanceLease Lease, Guid TenantId, string DefinitionVersionId, byte[] State, IReadOnlyList<Resumption> Inbox)
{
    /// <summary>How many nodes died with it since it last came to rest. After each of them a commit counts for one death at most: the box before which it stands is the one.</summary>
    public int Deaths { get; init; }
}

/// <summary>A bookmark row.</summary>
/// <param name="Stays">True when a stimulus that resumes it leaves it waiting for the next one; a commit burns it.</param>
public sealed record Bookmark(
    Guid Id, string Name, string Key, string NodeId, string ActivityId, string ActivityType, Guid ExecutionId, string? Payload, string? WaitsFor, TimeSpan? DueIn, bool Stays = false);

/// <summary>A journal row. <paramref name="EventName"/>: Started, Suspended, Resumed, Completed, Faulted, Canceled.</summary>
public sealed record JournalEntry(long Sequence, Guid ExecutionId, Guid? ParentExecutionId, string NodeId, string ActivityId, string ActivityType, string? ActivityName, DateTimeOffset At, string EventName, string? Message, string? Payload);

/// <summary>Everything that one burst changes.</summary>
public sealed record BurstCommit(
    InstanceLease Lease, byte[] State, WorkflowStatus Status, WorkflowSubStatus SubStatus, string? Name, string? CorrelationId, int IncidentCount,
    IReadOnlyList<Bookmark> BookmarksAdded, IReadOnlyList<Guid> BookmarksBurned, IReadOnlyList<Guid> ResumptionsConsumed,
    IReadOnlyList<JournalEntry> Journal, IReadOnlyList<CommitWrite> Writes, IReadOnlyList<Stimulus> Stimuli, bool RunAgain)
{
    /// <summary>Instances that its boxes start.</summary>
    public IReadOnlyList<NewInstance> Children { get; init; } = [];
}

/// <summary>The answer to a commit.</summary>
/// <param name="Committed">False when the lease was lost: nothing was written.</param>
/// <param name="Lease">The lease to go on with; null when it was released.</param>
/// <param name="Inbox">Resumptions to go on with.</param>
public sealed record CommitResult(bool Committed, InstanceLease? Lease, IReadOnlyList<Resumption> Inbox);

public enum WorkflowStatus { Running, Finished }

public enum WorkflowSubStatus { Pending, Executing, Suspended, Interrupted, Finished, Cancelled, Faulted }
