using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine;

/// <summary>An instance to start.</summary>
/// <param name="InstanceId">Chosen by the caller; a second start with it changes nothing.</param>
/// <param name="TenantId">Opaque to the engine; the Server's workspace id.</param>
/// <param name="Input">Values for the definition's inputs, by name.</param>
public sealed record StartRequest(Guid InstanceId, Guid TenantId, string DefinitionVersionId, string? CorrelationId = null, JsonObject? Input = null)
{
    public string? Name { get; init; }

    /// <summary>The box to start with instead of the definition's own start.</summary>
    public string? TriggerActivityId { get; init; }

    /// <summary>What the stimulus carried that starts it there; null when nothing.</summary>
    public JsonNode? TriggerPayload { get; init; }

    /// <summary>See <see cref="NewInstance.DefinitionStamp"/>.</summary>
    public long? DefinitionStamp { get; init; }
}

/// <summary>What became of a start: a run, or the reasons why there is none.</summary>
/// <param name="Run">Null when the instance existed already or was refused.</param>
/// <param name="Errors">Why it was refused: unknown definition, wrong input.</param>
public sealed record StartResult(RunResult? Run, bool AlreadyExisted, IReadOnlyList<DefinitionError> Errors)
{
    /// <summary>True when it was refused because another run that excludes it has not ended.</summary>
    public bool IsExcluded { get; init; }
}

/// <summary>An instance that is ready to be written.</summary>
/// <param name="Instance">Null when it was refused.</param>
/// <param name="Errors">Why it was refused.</param>
public sealed record PreparedStart(NewInstance? Instance, IReadOnlyList<DefinitionError> Errors);

/// <summary>Where an instance stands after the last burst that was run for it.</summary>
/// <param name="Committed">False when the lease was lost: another goes on with the instance.</param>
/// <param name="Output">The workflow's outputs so far, by name.</param>
public sealed record RunResult(
    Guid InstanceId, WorkflowStatus Status, WorkflowSubStatus SubStatus, bool Committed, IReadOnlyList<Incident> Incidents, IReadOnlyDictionary<string, JsonElement> Output)
{
    /// <summary>True when a retry was refused, because another run that excludes this one has not ended.</summary>
    public bool IsExcluded { get; init; }

    /// <summary>True when a retry was refused because the instance runs just now, or when others kept taking the instance from a cancel.</summary>
    public bool IsBusy { get; init; }
}
