using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Workflows;

/// <summary>How this node runs workflows (configuration section <c>Workflows</c>).</summary>
internal sealed class WorkflowOptions
{
    /// <summary>Instances that run at the same time on this node.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>Where the shipped graphs lie; beside the Server unless given.</summary>
    public string Directory { get; set; } = Path.Combine(AppContext.BaseDirectory, "workflows");

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
