using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>The journal entries of one burst.</summary>
internal sealed class Journal(InstanceState state, TimeProvider time)
{
    /// <summary>Of a line without message and payload.</summary>
    private const int LineBytes = 48;

    private readonly List<JournalEntry> _entries = [];

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public int Count => _entries.Count;

    public void Add(Execution execution, string eventName, string? message, string? payload)
    {
        var activity = execution.Activity;
        state.Spent = state.Spent with { JournalBytes = state.Spent.JournalBytes + LineBytes + (message?.Length ?? 0) + (payload?.Length ?? 0) };
        _entries.Add(new JournalEntry(
            ++state.Sequence, execution.Id, execution.Parent?.Id, activity.NodeId, activity.Id, activity.TypeName, activity.Name, time.GetUtcNow(), eventName, message, payload));
    }

    /// <summary>Takes back the entries of a step that did not happen.</summary>
    public void Truncate(int count)
    {
        state.Sequence -= _entries.Count - count;
        _entries.RemoveRange(count, _entries.Count - count);
    }

    public static string Payload(Fault fault) => JsonSerializer.Serialize(fault, EngineJson.Default.Fault);
}
