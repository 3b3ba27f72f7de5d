using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine;

/// <summary>What an activity may see and do while it runs.</summary>
public abstract class ActivityContext
{
    public abstract Guid InstanceId { get; }

    /// <summary>Opaque to the engine; the Server's workspace id.</summary>
    public abstract Guid TenantId { get; }

    public abstract string? CorrelationId { get; }

    /// <summary>This execution of the box; a loop gives several.</summary>
    public abstract Guid ExecutionId { get; }

    /// <summary>The name of the bookmark that was resumed; null on the first call.</summary>
    public abstract string? ResumedBookmark { get; }

    /// <summary>What resumed the bookmark; null on the first call.</summary>
    public abstract Resumption? Resumption { get; }

    /// <summary>True on the first call of the box at which the run was started: what the box would wait for has happened.</summary>
    public abstract bool IsTrigger { get; }

    /// <summary>What the stimulus carried that started the run at this box, or that resumed it; undefined when nothing.</summary>
    public abstract JsonElement Stimulus { get; }

    public abstract CancellationToken CancellationToken { get; }

    /// <summary>The value of an input, evaluated before each call; the default where the definition gives none.</summary>
    public abstract T? Get<T>(Input<T> input);

    /// <summary>Writes an output: to the variable that captures it, and to getOutputFrom().</summary>
    public abstract void Set<T>(Output<T> output, T value);

    /// <summary>Has something written in the transaction of this burst.</summary>
    public abstract void Enlist(CommitWrite write);

    /// <summary>Sends a stimulus in the transaction of this burst.</summary>
    public abstract void Send(Stimulus stimulus);

    /// <summary>A service that the host offers to activities.</summary>
    public abstract T Service<T>() where T : notnull;

    /// <summary>Adds a line to the journal entry of this execution.</summary>
    public abstract void Note(string key, JsonNode? value);
}
