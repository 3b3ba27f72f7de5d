using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>One version of a workflow, read once and shared by all instances that run it.</summary>
public sealed class WorkflowDefinition
{
    /// <summary>The version id.</summary>
    public required string Id { get; init; }

    /// <summary>The same for all versions.</summary>
    public required string DefinitionId { get; init; }

    public required int Version { get; init; }
    public required string? Name { get; init; }
    public required string? Description { get; init; }

    /// <summary>The whole text as it was read, unknown parts included.</summary>
    public required JsonElement Source { get; init; }

    /// <summary>Every box, containers before what they contain.</summary>
    public required IReadOnlyList<Activity> Activities { get; init; }

    /// <summary>The box with this id; null when there is none.</summary>
    public Activity? Find(string activityId) => Activities.FirstOrDefault(activity => activity.Id == activityId);
}
