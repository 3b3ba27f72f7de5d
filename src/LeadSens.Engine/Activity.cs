namespace LeadSens.Engine;

/// <summary>One kind of box on the graph. An object of it is one box of one definition version and is shared by all instances that
/// run it, so it holds no state of a run: inputs are read and outputs written through the <see cref="ActivityContext"/>.</summary>
public abstract class Activity
{
    /// <summary>Unique in the definition.</summary>
    public string Id { get; internal set; } = "";

    /// <summary>The ids of the path from the root, joined by ':'.</summary>
    public string NodeId { get; internal set; } = "";

    /// <summary>The name that expressions use; null when the definition gives none.</summary>
    public string? Name { get; internal set; }

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
