using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Jobs;

/// <summary>Section <c>Jobs</c>.</summary>
internal sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>How long a result may wait for others before it is written. The promise is 250 ms, the commit included.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:00.250")]
    public TimeSpan ResultDelay { get; set; } = TimeSpan.FromMilliseconds(80);

    /// <summary>How often a worker looks without having been told.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Jobs that fail one after the other, without a success between, before an account's circuit opens.</summary>
    [Range(2, 1000)]
    public int CircuitFailures { get; set; } = 5;

    /// <summary>The first time that an open circuit waits for its probe; doubles up to <see cref="CircuitLongest"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan CircuitFirst { get; set; } = TimeSpan.FromSeconds(5);

    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan CircuitLongest { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long jobs in flight may go on when the node stops.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(2);
}
