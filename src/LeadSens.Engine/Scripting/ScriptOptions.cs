using System.ComponentModel.DataAnnotations;
using LeadSens.Scripts;

namespace LeadSens.Engine;

/// <summary>The script hosts of a node, and what one evaluation in them may use.</summary>
public sealed record ScriptOptions
{
    /// <summary>Host processes of this node. One workspace holds all but one of them at most.</summary>
    [Range(1, 16)]
    public int Hosts { get; init; } = 2;

    /// <summary>How long a script may run. Its host is killed a quarter of a second later.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Statements that a script may execute.</summary>
    [Range(1_000, 100_000_000)]
    public int Statements { get; init; } = 1_000_000;

    /// <summary>What the runtime of a host gives to its heap.</summary>
    [Range(32, 1024)]
    public int HeapMegabytes { get; init; } = 64;

    /// <summary>The resident memory at which a host is killed.</summary>
    [Range(64, 4096)]
    public int MemoryMegabytes { get; init; } = 192;

    /// <summary>How long a script waits for a host that is free.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Queue { get; init; } = TimeSpan.FromSeconds(10);

    internal HostLimits Limits => new(Time, HeapMegabytes, Statements);
}
