namespace LeadSens.Engine;

/// <summary>Names an activity type and describes it for the palette. The type name is <c>{Namespace}.{Name}</c>.</summary>
/// <param name="ns">The first part of the type name, and the category unless one is given.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActivityAttribute(string ns) : Attribute
{
    public string Namespace { get; } = ns;

    /// <summary>The class name unless given.</summary>
    public string? Name { get; init; }

    /// <summary>Raised when inputs, outputs or outcomes change in a way that stored instances would notice.</summary>
    public int Version { get; init; } = 1;

    /// <summary>A flat name: the palette groups by it.</summary>
    public string? Category { get; init; }

    /// <summary>The name in words unless given; unique in the palette.</summary>
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    public ActivityKind Kind { get; init; }

    /// <summary>The ports that the activity may end with.</summary>
    public string[] Outcomes { get; init; } = ["Done"];

    /// <summary>Its end ends the flowchart that it stands in.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>A flowchart without an explicit start begins here.</summary>
    public bool IsStart { get; init; }

    /// <summary>False for what nobody can drag and fill in the editor.</summary>
    public bool IsBrowsable { get; init; } = true;

    /// <summary>It holds a list of activities that the editor shows in place of the box.</summary>
    public bool IsContainer { get; init; }
}

/// <summary>What the palette and the editor do with a type; the engine treats all alike.</summary>
public enum ActivityKind { Action, Trigger, Job, Task }

/// <summary>Describes an <see cref="Input{T}"/> property for the editor.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputAttribute : Attribute
{
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public string? Category { get; init; }
    public int Order { get; init; }

    /// <summary>The editor's control: singleline, multiline, checkbox, dropdown, … Chosen by the type unless given.</summary>
    public string? UiHint { get; init; }

    /// <summary>The expression type that the editor opens with.</summary>
    public string DefaultSyntax { get; init; } = "Literal";

    /// <summary>The choices of a dropdown, checklist or radio list.</summary>
    public string[] Options { get; init; } = [];
}

/// <summary>Describes an <see cref="Output{T}"/> property for the editor.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute : Attribute
{
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public int Order { get; init; }
}
