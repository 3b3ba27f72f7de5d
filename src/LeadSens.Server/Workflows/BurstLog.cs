using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using LeadSens.Engine;

namespace LeadSens.Server.Workflows;

/// <summary>The journal of one burst as one document: <c>{"x": [[execution, parent, node, activity, type, name]], "e": [[x, event, microseconds,
/// message, payload]]}</c>, which the view <c>workflow_journal</c> shows line by line (migration 0012).</summary>
internal static class BurstLog
{
    private static readonly string[] Events = ["Started", "Suspended", "Resumed", "Completed", "Faulted", "Canceled"];

    /// <summary>UTF-8 JSON; null when there is nothing to say.</summary>
    public static byte[]? Write(IReadOnlyList<JournalEntry> entries)
    {
        if (entries.Count == 0)
            return null;
        var buffer = new ArrayBufferWriter<byte>(256 + (entries.Count * 48));
        var executions = new Dictionary<Guid, int>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            WriteExecutions(json, entries, executions);
            WriteEntries(json, entries, executions);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteExecutions(Utf8JsonWriter json, IReadOnlyList<JournalEntry> entries, Dictionary<Guid, int> executions)
    {
        foreach (var entry in entries)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(executions, entry.ExecutionId, out var known);
            if (!known)
                number = executions.Count - 1;
        }
        json.WriteStartArray("x"u8);
        var written = 0;
        foreach (var entry in entries)
        {
            if (executions[entry.ExecutionId] < written)
                continue;
            written++;
            Write(json, entry, executions);
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, JournalEntry entry, Dictionary<Guid, int> executions)
    {
        Span<char> hex = stackalloc char[32];
        json.WriteStartArray();
        entry.ExecutionId.TryFormat(hex, out _, "N");
        json.WriteStringValue(hex);
        if (entry.ParentExecutionId is not { } parent)
            json.WriteNullValue();
        else if (executions.TryGetValue(parent, out var number))
            json.WriteNumberValue(number);
        else
        {
            parent.TryFormat(hex, out _, "N");
            json.WriteStringValue(hex);
        }
        WriteText(json, entry.NodeId);
        WriteText(json, IsLastOf(entry.ActivityId, entry.NodeId) ? null : entry.ActivityId);
        WriteText(json, entry.ActivityType);
        WriteText(json, entry.ActivityName);
        json.WriteEndArray();
    }

    private static void WriteEntries(Utf8JsonWriter json, IReadOnlyList<JournalEntry> entries, Dictionary<Guid, int> executions)
    {
        var start = entries[0].At;
        json.WriteStartArray("e"u8);
        foreach (var entry in entries)
        {
            json.WriteStartArray();
            json.WriteNumberValue(executions[entry.ExecutionId]);
            json.WriteNumberValue(Array.IndexOf(Events, entry.EventName));
            json.WriteNumberValue((entry.At - start).Ticks / TimeSpan.TicksPerMicrosecond);
            if (entry.Message is not null || entry.Payload is not null)
                WriteText(json, entry.Message);
            if (entry.Payload is not null)
                WriteText(json, entry.Payload);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static bool IsLastOf(string activityId, string nodeId) =>
        !activityId.Contains(':') && nodeId.EndsWith(activityId, StringComparison.Ordinal) && (nodeId.Length == activityId.Length || nodeId[^(activityId.Length + 1)] == ':');

    /// <summary>PostgreSQL's texts hold no NUL.</summary>
    private static void WriteText(Utf8JsonWriter json, string? text)
    {
        if (text is null)
            json.WriteNullValue();
        else
            json.WriteStringValue(text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text);
    }
}
