namespace LeadSens.Engine;

/// <summary>A box that can start its workflow. Where the definition marks it as one that can (<c>canStartWorkflow</c>), publishing asks it for its
/// triggers; a run that one of them starts begins at the box, which sees <see cref="ActivityContext.IsTrigger"/> and ends at once. Reached
/// inside a run the same box waits with a bookmark.</summary>
public abstract class TriggerActivity : Activity
{
    /// <summary>What starts the workflow at this box. There is no run yet, so inputs are read through the context.</summary>
    public abstract IEnumerable<TriggerRequest> Triggers(TriggerContext context);
}

/// <summary>One thing that starts a workflow: a broadcast with the key, or a time.</summary>
/// <param name="Key">Of the broadcasts that start a run; null when only the schedule does.</param>
/// <param name="Payload">Shown to a person who asks what starts the workflow.</param>
public sealed record TriggerRequest(string? Key, System.Text.Json.Nodes.JsonNode? Payload = null)
{
    /// <summary>The times that start a run; null when only broadcasts do.</summary>
    public TriggerSchedule? Schedule { get; init; }

    /// <summary>True when no other box, of this or of another published workflow of the tenant, may have a trigger with this key.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>What it waits for, for a person: null shows the key.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>For messages.</summary>
    public string Describe() => WaitsFor ?? Key ?? "times";
}

/// <summary>A trigger of a definition.</summary>
/// <param name="ActivityId">The box at which the run begins.</param>
public sealed record Trigger(string ActivityId, string ActivityType, TriggerRequest Request);

/// <summary>What a box may see when its workflow is published.</summary>
public abstract class TriggerContext
{
    /// <summary>Opaque to the engine; the Server's workspace id.</summary>
    public abstract Guid TenantId { get; }

    /// <summary>The time of publishing.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>The value of an input; the default where the definition gives none. An input that cannot be had without a run is an error of publishing.</summary>
    public abstract T? Get<T>(Input<T> input);

    /// <summary>Keeps the workflow from being published.</summary>
    /// <param name="path">The input that is wrong.</param>
    /// <param name="message">For the person who drew the graph; names the box.</param>
    public abstract void Error(string path, string message);
}
