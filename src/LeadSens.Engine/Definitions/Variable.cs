namespace LeadSens.Engine;

/// <summary>A variable of the workflow or of a container; its scope is everything inside.</summary>
/// <param name="Container">The container that declares it; null for the workflow's own.</param>
internal sealed record Variable(string Id, string Name, ValueKind Kind, object? Default, Container? Container)
{
    /// <summary>True when every child of the container has a value of its own, as with a loop's CurrentValue. The container itself does not see it.</summary>
    public bool IsPerChild { get; init; }
}

/// <summary>An input or output that the workflow declares.</summary>
internal sealed record WorkflowArgument(string Name, ValueKind Kind);
