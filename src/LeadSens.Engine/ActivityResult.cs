namespace LeadSens.Engine;

/// <summary>What an activity answers: a closed set.</summary>
public abstract record ActivityResult
{
    private ActivityResult() { }

    /// <summary>Finished with these outcomes (the ports that are followed).</summary>
    public sealed record Completed(IReadOnlyList<string> Outcomes) : ActivityResult;

    /// <summary>Suspended until one of these bookmarks is resumed.</summary>
    public sealed record Waiting(IReadOnlyList<BookmarkRequest> Bookmarks) : ActivityResult;

    /// <summary>Failed; the fault becomes an incident.</summary>
    public sealed record Faulted(Fault Fault) : ActivityResult;

    /// <summary>A container that goes on when a child that it scheduled completes.</summary>
    public sealed record Containing : ActivityResult;

    /// <summary>Ends the whole workflow.</summary>
    internal sealed record Ending : ActivityResult;
}
