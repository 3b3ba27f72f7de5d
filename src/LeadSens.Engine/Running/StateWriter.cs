using System.Buffers;
using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Writes an instance's state as compact UTF-8 JSON. Absent means empty, null or zero.</summary>
internal static class StateWriter
{
    public static byte[] Write(InstanceState state)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true })) Write(json, state);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, InstanceState state)
    {
        json.WriteStartObject();
        json.WriteNumber("v"u8, 1);
        if (state.CorrelationId is not null) json.WriteString("correlation"u8, state.CorrelationId);
        if (state.Name is not null) json.WriteString("name"u8, state.Name);
        if (state.TriggerActivityId is not null) json.WriteString("trigger"u8, state.TriggerActivityId);
        if (state.TriggerPayload is not null)
        {
            json.WritePropertyName("payload"u8);
            Value.Write(json, state.TriggerPayload);
        }

        if (state.Parent is { } parent)
        {
            json.WriteStartObject("parent"u8);
            json.WriteString("key"u8, parent.Key);
            if (parent.AtRest) json.WriteBoolean("atRest"u8, true);
            json.WriteEndObject();
        }

        json.WriteNumber("sequence"u8, state.Sequence);
        if (state.Status == WorkflowStatus.Finished) json.WriteBoolean("finished"u8, true);
        json.WriteNumber("sub"u8, (int)state.SubStatus);
        if (state.Spent.Since != default) WriteSpent(json, state.Spent);
        if (state.Family != default) WriteFamily(json, state.Family);
        WriteValues(json, "input"u8, state.Input);
        WriteValues(json, "output"u8, state.Output);
        WriteVariables(json, state.Variables);
        if (state.Outputs.Count > 0) WriteOutputs(json, state.Outputs);
        if (state.LastResult is not null)
        {
            json.WritePropertyName("last"u8);
            Value.Write(json, state.LastResult);
        }

        if (state.Active.Count > 0) WriteActive(json, state);
        if (state.Incidents.Count > 0) WriteIncidents(json, state.Incidents);
        json.WriteEndObject();
    }

    private static void WriteSpent(Utf8JsonWriter json, Spent spent)
    {
        json.WriteStartArray("spent"u8);
        json.WriteNumberValue(spent.Since.ToUnixTimeSeconds());
        json.WriteNumberValue(spent.Activities);
        json.WriteNumberValue(spent.JournalBytes);
        json.WriteEndArray();
    }

    private static void WriteFamily(Utf8JsonWriter json, Family family)
    {
        json.WriteStartArray("family"u8);
        json.WriteStringValue(family.Root);
        json.WriteNumberValue(family.Depth);
        json.WriteNumberValue(family.Since.ToUnixTimeMilliseconds());
        json.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter json, ReadOnlySpan<byte> name, Dictionary<string, object?> values)
    {
        if (values.Count == 0) return;
        json.WriteStartObject(name);
        WriteProperties(json, values);
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, Dictionary<string, object?> values)
    {
        foreach (var (key, value) in values)
        {
            json.WritePropertyName(key);
            Value.Write(json, value);
        }
    }

    private static void WriteVariables(Utf8JsonWriter json, Dictionary<Variable, object?>? variables)
    {
        if (variables is null || variables.Count == 0) return;
        json.WriteStartObject("vars"u8);
        foreach (var (variable, value) in variables)
        {
            json.WritePropertyName(variable.Id);
            Value.Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteOutputs(Utf8JsonWriter json, Dictionary<string, Dictionary<string, object?>> outputs)
    {
        json.WriteStartObject("outputs"u8);
        foreach (var (activity, values) in outputs)
        {
            json.WriteStartObject(activity);
            WriteProperties(json, values);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteActive(Utf8JsonWriter json, InstanceState state)
    {
        json.WriteStartArray("active"u8);
        foreach (var execution in state.Active) Write(json, execution);
        json.WriteEndArray();
        json.WriteStartArray("scheduled"u8);
        foreach (var execution in state.Scheduled)
        {
            if (execution.Status == ExecutionStatus.Scheduled) json.WriteNumberValue(execution.Index);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Execution execution)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, execution.Id);
        json.WriteString("box"u8, execution.Activity.StateId);
        json.WriteNumber("status"u8, (int)execution.Status);
        if (execution.Parent is not null) json.WriteNumber("in"u8, execution.Parent.Index);
        WriteWaits(json, "waits"u8, execution.Waits, stays: false);
        WriteWaits(json, "stays"u8, execution.Waits, stays: true);

        if (execution.Data is { } data)
        {
            json.WriteStartArray("data"u8);
            foreach (var number in data) json.WriteNumberValue(number);
            json.WriteEndArray();
        }

        WriteVariables(json, execution.Variables);
        json.WriteEndObject();
    }

    private static void WriteWaits(Utf8JsonWriter json, ReadOnlySpan<byte> name, List<Wait>? waits, bool stays)
    {
        if (waits is null || !waits.Exists(wait => wait.Stays == stays)) return;
        json.WriteStartObject(name);
        foreach (var wait in waits)
        {
            if (wait.Stays == stays) json.WriteString(wait.Id.ToString(), wait.Name);
        }

        json.WriteEndObject();
    }

    private static void WriteIncidents(Utf8JsonWriter json, List<Incident> incidents)
    {
        json.WriteStartArray("incidents"u8);
        foreach (var incident in incidents)
        {
            json.WriteStartObject();
            json.WriteString("box"u8, incident.ActivityId);
            json.WriteString("node"u8, incident.NodeId);
            json.WriteString("execution"u8, incident.ExecutionId);
            json.WriteString("type"u8, incident.Fault.Type);
            json.WriteString("message"u8, incident.Fault.Message);
            if (incident.Fault.StackTrace is { } trace) json.WriteString("trace"u8, trace);
            json.WriteString("at"u8, incident.At);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
