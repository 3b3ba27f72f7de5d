using LeadSens.Engine;

namespace LeadSens.Server.Studio.Palette;

/// <summary>An activity type as Studio's toolbox and panels take it.</summary>
internal sealed record ActivityView(
    string TypeName, string Namespace, string Name, int Version, string Category, string DisplayName, string? Description, ActivityKind Kind,
    bool IsContainer, bool IsBrowsable, bool IsStart, bool IsTerminal,
    IReadOnlyList<PortView> Ports, IReadOnlyList<InputView> Inputs, IReadOnlyList<OutputView> Outputs)
{
    public bool RunAsynchronously => false;

    public Dictionary<string, object> CustomProperties { get; init; } = [];

    public Dictionary<string, object> ConstructionProperties { get; init; } = [];

    public static ActivityView Of(ActivityDescriptor type) => new(
        type.TypeName, type.Namespace, type.Name, type.Version, type.Category, type.DisplayName, type.Description, type.Kind,
        type.IsContainer, type.IsBrowsable, type.IsStart, type.IsTerminal,
        [.. type.EmbeddedPorts.Select(port => new PortView(port, PortType.Embedded)), .. type.Outcomes.Select(port => new PortView(port, PortType.Flow))],
        [.. type.Inputs.Select(input => InputView.Of(input, type))], [.. type.Outputs.Select(output => OutputView.Of(output, type))])
    {
        CustomProperties = type.Workflow is { } used
            ? new Dictionary<string, object> { ["RootType"] = "WorkflowDefinitionActivity", ["WorkflowDefinitionId"] = used.DefinitionId, ["WorkflowDefinitionVersionId"] = used.VersionId }
            : [],
        ConstructionProperties = type.Workflow is { } made
            ? new Dictionary<string, object> { ["WorkflowDefinitionId"] = made.DefinitionId, ["WorkflowDefinitionVersionId"] = made.VersionId, ["Version"] = made.Version }
            : [],
    };

    /// <summary>A type that only the viewer looks up.</summary>
    public static ActivityView Hidden(string name, string description, bool isContainer) =>
        new($"Elsa.{name}", "Elsa", name, 1, "Workflows", name, description, ActivityKind.Action, isContainer, false, false, false, [], [], []);
}

/// <summary>Flow: a connection starts there. Embedded: a slot for a nested activity.</summary>
internal enum PortType { Flow, Embedded }

internal sealed record PortView(string Name, PortType Type)
{
    public string DisplayName => Name;

    public bool IsBrowsable => true;
}

internal sealed record OutputView(string Name, string TypeName, string DisplayName, string? Description, int Order, bool IsSynthetic)
{
    public bool IsBrowsable => true;

    public bool IsSerializable => true;

    public static OutputView Of(OutputDescriptor output, ActivityDescriptor of) =>
        new(output.Name, output.TypeName, output.DisplayName, output.Description, output.Order, IsSynthetic: of.Workflow is not null);
}
