using System.Reflection;

namespace LeadSens.Engine;

/// <summary>An activity type as the palette shows it and the reader checks definitions against it.</summary>
/// <param name="Outcomes">The ports it may end with; those of a FlowSwitch or a FlowFork come from the box itself.</param>
/// <param name="EmbeddedPorts">Slots that take a nested activity, for example Then and Else.</param>
public sealed record ActivityDescriptor(
    string TypeName, string Namespace, string Name, int Version, string Category, string DisplayName, string? Description, ActivityKind Kind,
    IReadOnlyList<string> Outcomes, IReadOnlyList<string> EmbeddedPorts, IReadOnlyList<InputDescriptor> Inputs, IReadOnlyList<OutputDescriptor> Outputs,
    bool IsContainer, bool IsTerminal, bool IsStart, bool IsBrowsable)
{
    /// <summary>The workflow that is used as an activity; null for all other types.</summary>
    public WorkflowReference? Workflow { get; init; }

    internal Func<Activity> Create { get; init; } = static () => throw new InvalidOperationException("Only the registry makes descriptors.");

    internal IReadOnlyList<PropertyInfo> InputProperties { get; init; } = [];

    internal IReadOnlyList<PropertyInfo> OutputProperties { get; init; } = [];
}

/// <summary>An input of an activity type.</summary>
/// <param name="TypeName">Elsa's alias of the type: String, Int32, Boolean, Object, …</param>
/// <param name="IsWrapped">True when the definition holds an expression; false when it holds the bare value.</param>
public sealed record InputDescriptor(
    string Name, string TypeName, string DisplayName, string? Description, string? Category, int Order, string UiHint, string DefaultSyntax,
    object? DefaultValue, IReadOnlyList<string> Options, bool IsWrapped);

/// <summary>An output of an activity type.</summary>
public sealed record OutputDescriptor(string Name, string TypeName, string DisplayName, string? Description, int Order);

/// <summary>A version of a workflow.</summary>
public sealed record WorkflowReference(string DefinitionId, string VersionId, int Version);
