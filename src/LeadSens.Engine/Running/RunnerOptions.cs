namespace LeadSens.Engine;

/// <summary>How the runner runs.</summary>
public sealed class RunnerOptions
{
    /// <summary>A burst commits and goes on in a new one after this many activities.</summary>
    public int ActivitiesPerBurst { get; init; } = 1_000;

    /// <summary>A burst commits and goes on in a new one after this time.</summary>
    public TimeSpan BurstTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the bursts of this node compute; null: wherever they are run.</summary>
    public BurstPlaces? Places { get; init; }

    /// <summary>What one instance may spend; null: as much as it likes.</summary>
    public RunBudget? Budget { get; init; }

    /// <summary>How many instances those of one root have started since a moment, for <see cref="RunBudget.Descendants"/>; null: nobody counts them.</summary>
    public Func<Guid, DateTimeOffset, CancellationToken, Task<int>>? Descendants { get; init; }

    /// <summary>What an instance may work, calls outside apart, while somebody waits for it (a start, a retry). Null: until it waits or ends. One that wants to go on
    /// then gives its lease back and waits for its turn.</summary>
    public TimeSpan? CallerTime { get; init; }

    /// <summary>Nodes that died in a row with the same box of an instance; then the box is not run again by itself.</summary>
    public int MostDeaths { get; init; } = 3;

    /// <summary>Called when an instance ends; what it answers is written in the transaction that ends it.</summary>
    public Func<EndedInstance, CommitWrite?>? OnEnded { get; init; }

    /// <summary>Called when something breaks while the runner holds this lease: the host gives it back. Whoever holds no lease gives none back.</summary>
    public Func<InstanceLease, Exception, Task>? OnBroke { get; init; }

    /// <summary>Called when a box asks for a task; what it answers is written in the transaction from which on the box waits. The task is
    /// reported as done by a stimulus to <see cref="BuiltIn.RunTask.Key"/>.</summary>
    public Func<TaskRequest, CommitWrite?>? OnTask { get; init; }

    /// <summary>Makes the address at which somebody outside may trigger an event for one instance: the script function createEventTriggerUrl. Null: the
    /// host has no such addresses.</summary>
    public Func<EventLinkRequest, string>? EventLink { get; init; }

    /// <summary>The processes that evaluate scripts; those of the whole process when null.</summary>
    public ScriptHosts? Scripts { get; init; }

    /// <summary>Which exceptions of a box are no fault of its but of what all runs need: the burst breaks, nothing of it is written, and the host runs
    /// it again later.</summary>
    public Func<Exception, bool>? IsOutage { get; init; }

    /// <summary>Which exceptions say that the store does not take what a burst did, whenever it is asked. Null: none does.</summary>
    public Func<Exception, bool>? IsRefused { get; init; }

    /// <summary>Whatever would be seen outside of the instance is a fault.</summary>
    internal bool IsTrial { get; init; }

    /// <summary>Where WriteLine writes besides the journal.</summary>
    public TextWriter Console { get; init; } = TextWriter.Null;
}

/// <summary>An instance that is about to end.</summary>
/// <param name="SubStatus">Finished, Faulted or Cancelled. A faulted instance may go on after a retry.</param>
/// <param name="Incidents">The faults it met, oldest first.</param>
public sealed record EndedInstance(
    Guid InstanceId, Guid TenantId, string DefinitionId, string DefinitionVersionId, string? CorrelationId, WorkflowSubStatus SubStatus, IReadOnlyList<Incident> Incidents);

/// <summary>A task that a box wants done.</summary>
public sealed record TaskRequest(Guid InstanceId, Guid TenantId, string TaskId, string TaskName, System.Text.Json.Nodes.JsonObject? Payload);

/// <summary>An address that a script wants.</summary>
/// <param name="Lifetime">How long it works; null when that is not limited so.</param>
/// <param name="ExpiresAt">Until when it works; null when that is not limited so.</param>
public sealed record EventLinkRequest(Guid InstanceId, Guid TenantId, string EventName, TimeSpan? Lifetime, DateTimeOffset? ExpiresAt);

/// <summary>A fault that an instance met.</summary>
public sealed record Incident(string ActivityId, string NodeId, string ActivityType, Guid ExecutionId, Fault Fault, DateTimeOffset At);
