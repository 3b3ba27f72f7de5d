namespace LeadSens.Engine;

internal enum ExecutionStatus { Scheduled, Running, Waiting, Faulted, Ended }

/// <summary>One execution of a box that has not ended.</summary>
internal sealed class Execution(Guid id, Activity activity, Execution? parent)
{
    public Guid Id { get; } = id;
    public Activity Activity { get; } = activity;
    public Execution? Parent { get; } = parent;
    public ExecutionStatus Status { get; set; }

    /// <summary>Bookmarks that may resume it.</summary>
    public List<Wait>? Waits { get; set; }

    /// <summary>Children that have not ended; a container with none is done.</summary>
    public int Children { get; set; }

    /// <summary>What a container keeps between its children.</summary>
    public int[]? Data { get; set; }

    /// <summary>Variables of a container that were written.</summary>
    public Dictionary<Variable, object?>? Variables { get; set; }

    /// <summary>Its place in the state's list.</summary>
    public int Index { get; set; }
}

/// <summary>A bookmark that an execution waits on.</summary>
internal sealed record Wait(Guid Id, string Name, bool Stays = false);
