using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Workflows;

/// <summary>How this node runs workflows (configuration section <c>Workflows</c>).</summary>
internal sealed class WorkflowOptions
{
    /// <summary>Instances that run at the same time on this node.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>Of them, those of one workspace. The others' next run finds a place at once, whatever this one does.</summary>
    [Range(1, 1000)]
    public int WorkspaceConcurrency { get; set; } = 12;

    /// <summary>How much of this node's processors the runs of one workspace may take on the average while those of others run too: 0.25 is a quarter of one.</summary>
    [Range(0.01, 1000)]
    public double WorkspaceProcessors { get; set; } = 0.25;

    /// <summary>Milliseconds after which a run that goes on and on lets others have their turn, after the box that runs.</summary>
    [Range(10, 10_000)]
    public int TurnMilliseconds { get; set; } = 250;

    /// <summary>Activities that a run may execute within a day. One that has stops with an incident, which a person lifts by a retry.</summary>
    [Range(1_000, int.MaxValue)]
    public int RunActivities { get; set; } = 200_000;

    /// <summary>What the journal of a run may grow within a day, in millions of bytes.</summary>
    [Range(1, 1_000_000)]
    public int RunJournalMegabytes { get; set; } = 32;

    /// <summary>Runs that one run, and those that it starts, and theirs, may start within a day, all together. Beyond that the box that wants another stops its run with an incident.</summary>
    [Range(1, 100_000_000)]
    public int RunDescendants { get; set; } = 10_000;

    /// <summary>Runs that may start one another in a row within a day.</summary>
    [Range(1, 1_000_000)]
    public int RunDepth { get; set; } = 500;

    /// <summary>Runs that a workspace may start a minute through the API and by requests to its endpoints; at once on all nodes together as many, or 1,000. Beyond that a start is refused with 429.</summary>
    [Range(1, 10_000_000)]
    public int StartsPerMinute { get; set; } = 6_000;

    /// <summary>Runs of a workspace that want to go on and wait for their turn. Beyond that starts by requests are refused with 429, and those by times and events
    /// wait where they are decided.</summary>
    [Range(1, 10_000_000)]
    public int QueuedRuns { get; set; } = 10_000;

    /// <summary>Where the shipped graphs lie; beside the Server unless given.</summary>
    public string Directory { get; set; } = Path.Combine(AppContext.BaseDirectory, "workflows");

    /// <summary>Megabytes of JSON whose definitions stay parsed on this node; the least recently used are parsed again when they are next wanted.</summary>
    [Range(1, 10_000)]
    public int ParsedDefinitionMegabytes { get; set; } = 16;

    /// <summary>Days that a delivered or closed stimulus keeps its dedupe key, and that a directed one waits for its bookmark.</summary>
    [Range(1, 3650)]
    public int StimulusDays { get; set; } = 30;

    /// <summary>Days that an ended run stays, with its journal. The run of a campaign stays at least as long as the campaign may go on.</summary>
    [Range(1, 3650)]
    public int InstanceDays { get; set; } = 180;

    /// <summary>Days that the journal of a run that has not ended reaches back.</summary>
    [Range(1, 3650)]
    public int JournalDays { get; set; } = 180;
}
