using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine;

/// <summary>One kind of box on the graph. An object of it is one box of one definition version and is shared by all instances that
/// run it, so it holds no state of a run: inputs are read and outputs written through the <see cref="ActivityContext"/>.</summary>
public abstract class Activity
{
    /// <summary>Unique in the workflow that it stands in.</summary>
    public string Id { get; internal set; } = "";

    /// <summary>The ids of the path from the root, joined by ':'.</summary>
    public string NodeId { get; internal set; } = "";

    /// <summary>Names the box in the state of an instance: its id, or its node id inside a workflow that is used as a box.</summary>
    internal string StateId { get; set; } = "";

    /// <summary>The name that expressions use; null when the definition gives none.</summary>
    public string? Name { get; internal set; }

    /// <summary>The type name that definitions use, for example <c>Elsa.WriteLine</c>.</summary>
    public string TypeName => Descriptor.TypeName;

    internal ActivityDescriptor Descriptor { get; set; } = null!;

    /// <summary>The container that it stands in; null for the root.</summary>
    internal Container? Parent { get; set; }

    /// <summary>May start the workflow when something triggers it.</summary>
    internal bool CanStart { get; set; }

    /// <summary>How a flowchart in token mode brings the ways to it together.</summary>
    internal MergeMode MergeMode { get; set; }

    /// <summary>The inputs that are expressions, to be evaluated before each call.</summary>
    internal IReadOnlyList<Input> Evaluated { get; set; } = [];

    /// <summary>The ports that this box may end with; null when they are known only when it runs.</summary>
    internal virtual IReadOnlyList<string>? Outcomes => Descriptor.Outcomes;

    /// <summary>It does something outside that a crash would repeat. What ran before it is committed first, so that only this is repeated, by the
    /// same <see cref="ActivityContext.ExecutionId"/>.</summary>
    internal virtual bool ActsOutside => false;

    /// <summary>For messages to a person.</summary>
    internal string Title => Name is null || Name == Id ? $"box '{Id}'" : $"box '{Name}' ({Id})";

    /// <summary>Reads what stands in the box's JSON besides inputs and outputs.</summary>
    internal virtual void Read(ActivityReader reader) { }

    /// <summary>Runs the box, first when it is scheduled (<see cref="ActivityContext.Resumption"/> is null), then once per resumption of
    /// one of its bookmarks. Exceptions other than cancellation become a <see cref="Fault"/>.</summary>
    public abstract ValueTask<ActivityResult> ExecuteAsync(ActivityContext context);

    /// <summary>Ends the activity with the outcome Done.</summary>
    protected static ActivityResult Done { get; } = new ActivityResult.Completed(["Done"]);

    /// <summary>Ends the activity with these outcomes.</summary>
    protected static ActivityResult Complete(params string[] outcomes) => new ActivityResult.Completed(outcomes);

    /// <summary>Suspends the activity until one of the bookmarks is resumed.</summary>
    protected static ActivityResult WaitFor(params BookmarkRequest[] bookmarks) => new ActivityResult.Waiting(bookmarks);

    /// <summary>Ends the activity as faulted.</summary>
    protected static ActivityResult Fault(string code, string message) => new ActivityResult.Faulted(new Fault(code, message));
}
