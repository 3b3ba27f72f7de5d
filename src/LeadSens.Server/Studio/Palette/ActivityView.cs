using LeadSens.Engine;

namespace LeadSens.Server.Studio.Palette;

/// <summary>An activity type as Studio's toolbox and panels take it.</summary>
internal sealed record ActivityView(
    string TypeName, string Namespace, string Name, int Version, string Category, string DisplayName, string? Description, ActivityKind Kind,
    bool IsContainer, bool IsBrowsable, bool IsStart, bool IsTerminal,
    IReadOnlyList<PortView> Ports, IReadOnlyList<InputView> Inputs, IReadOnlyList<OutputView> Outputs)
{
    /// <summary>Only a container's double click opens a designer; boxes with slots show their slots.</summary>
    private static readonly string[] Containers = ["Elsa.Flowchart", "Elsa.Sequence", "Elsa.Parallel"];

    public bool RunAsynchronously => false;

    public IReadOnlyDictionary<string, object> CustomProperties { get; init; } = new Dictionary<string, object>();

    public IReadOnlyDictionary<string, object> ConstructionProperties { get; init; } = new Dictionary<string, object>();

    public static ActivityView Of(ActivityDescriptor type) => new(
        type.TypeName, type.Namespace, type.Name, type.Version, type.Category, type.DisplayName, type.Description, type.Kind,
        Containers.Contains(type.TypeName), type.IsBrowsable, type.IsStart, type.IsTerminal,
        [.. type.EmbeddedPorts.Select(port => new PortView(port, PortType.Embedded)), .. type.Outcomes.Select(port => new PortView(port, PortType.Flow))],
        [.. type.Inputs.Select(input => InputView.Of(input, type))], [.. type.Outputs.Select(OutputView.Of)]);

    /// <summary>A type that only the viewer looks up.</summary>
    public static ActivityView Hidden(string name, string description, bool isContainer) =>
        new($"Elsa.{name}", "Elsa", name, 1, "Workflows", name, description, ActivityKind.Action, isContainer, false, false, false, [], [], []);
}

/// <summary>Flow: a connection starts there. Embedded: a slot for a nested activity.</summary>
internal enum PortType { Flow, Embedded }

internal sealed record PortView(string Name, PortType Type)
{
    public string DisplayName => Name;

    public bool IsBrowsable { get; init; } = true;
}

internal sealed record OutputView(string Name, string TypeName, string DisplayName, string? Description, int Order, bool IsSynthetic)
{
    public bool IsBrowsable => true;

    public bool IsSerializable => true;

    public static OutputView Of(OutputDescriptor output) => new(output.Name, output.TypeName, output.DisplayName, output.Description, output.Order, false);
}
