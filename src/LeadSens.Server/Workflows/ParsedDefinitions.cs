using System.Collections.Concurrent;
using LeadSens.Engine;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows;

/// <summary>Definitions that were parsed: a version never changes, so it is parsed once while it is in use. Bounded by the length of their JSON; when it
/// is full, those that were not used for longest make room.</summary>
internal sealed class ParsedDefinitions(IOptions<WorkflowOptions> options)
{
    private readonly long most = options.Value.ParsedDefinitionMegabytes * 1_000_000L;
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long bytes, uses;

    public int Count => entries.Count;

    public WorkflowDefinition? Find(string versionId)
    {
        if (!entries.TryGetValue(versionId, out var entry)) return null;
        entry.UsedAt = Interlocked.Increment(ref uses);
        return entry.Definition;
    }

    /// <summary>The definition that is kept: this one, or the one that another reader was quicker with.</summary>
    public WorkflowDefinition Add(string versionId, WorkflowDefinition definition, int length)
    {
        lock (gate)
        {
            if (entries.TryGetValue(versionId, out var known)) return known.Definition;
            entries[versionId] = new(definition, length) { UsedAt = Interlocked.Increment(ref uses) };
            if ((bytes += length) > most) MakeRoom(versionId);
            return definition;
        }
    }

    /// <summary>A quarter at once, so that a full cache does not sort with every addition.</summary>
    private void MakeRoom(string kept)
    {
        foreach (var (versionId, entry) in entries.OrderBy(pair => pair.Value.UsedAt).ToList())
        {
            if (bytes <= most * 3 / 4) return;
            if (versionId != kept && entries.TryRemove(versionId, out _)) bytes -= entry.Length;
        }
    }

    private sealed class Entry(WorkflowDefinition definition, int length)
    {
        public WorkflowDefinition Definition => definition;

        public int Length => length;

        public long UsedAt { get; set; }
    }
}
