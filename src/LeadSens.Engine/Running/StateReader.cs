using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Reads what <see cref="StateWriter"/> wrote, against the definition that the instance runs.</summary>
internal static class StateReader
{
    /// <exception cref="InvalidDataException">The state names a box that the definition does not have.</exception>
    public static InstanceState Read(ReadOnlyMemory<byte> utf8, WorkflowDefinition definition)
    {
        using var document = JsonDocument.Parse(utf8);
        var json = document.RootElement;
        var state = new InstanceState
        {
            CorrelationId = json.Text("correlation"),
            Name = json.Text("name"),
            TriggerActivityId = json.Text("trigger"),
            TriggerPayload = json.Property("payload") is { } payload ? Value.From(payload) : null,
            Parent = json.Object("parent") is { } parent ? new ParentLink(parent.Text("key")!, parent.Flag("atRest")) : null,
            Sequence = json.Property("sequence")?.GetInt64() ?? 0,
            Status = json.Flag("finished") ? WorkflowStatus.Finished : WorkflowStatus.Running,
            SubStatus = (WorkflowSubStatus)(json.Number("sub") ?? 0),
            Spent = json.Property("spent") is { } spent ? new Spent(DateTimeOffset.FromUnixTimeSeconds(spent[0].GetInt64()), spent[1].GetInt32(), spent[2].GetInt64()) : default,
            Family = json.Property("family") is { } family ? new Family(family[0].GetGuid(), family[1].GetInt32(), DateTimeOffset.FromUnixTimeMilliseconds(family[2].GetInt64())) : default,
            LastResult = json.Property("last") is { } last ? Value.From(last) : null,
        };
        ReadValues(json, "input", state.Input);
        ReadValues(json, "output", state.Output);
        ReadVariables(json, definition.Variables, state.Variables);
        if (json.Object("outputs") is { } outputs)
        {
            foreach (var box in outputs.EnumerateObject()) ReadValues(outputs, box.Name, state.Outputs[box.Name] = []);
        }

        ReadActive(json, definition, state);
        foreach (var item in json.Items("incidents")) state.Incidents.Add(ReadIncident(item, definition));
        return state;
    }

    private static void ReadValues(JsonElement json, string name, Dictionary<string, object?> into)
    {
        if (json.Object(name) is not { } values) return;
        foreach (var property in values.EnumerateObject()) into[property.Name] = Value.From(property.Value);
    }

    private static void ReadVariables(JsonElement json, IReadOnlyList<Variable> declared, Dictionary<Variable, object?> into)
    {
        if (json.Object("vars") is not { } values) return;
        foreach (var property in values.EnumerateObject())
        {
            if (declared.FirstOrDefault(variable => variable.Id == property.Name) is not { } variable) continue;
            into[variable] = Read(property.Value, variable.Kind);
        }
    }

    /// <summary>What was written is of the variable's type already; to convert it again would read a text as JSON. Only a decimal
    /// variable may hold a decimal; through a double it would lose digits.</summary>
    private static object? Read(JsonElement value, ValueKind kind) =>
        kind.Name == "Decimal" && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : Value.From(value);

    private static void ReadActive(JsonElement json, WorkflowDefinition definition, InstanceState state)
    {
        var items = json.Items("active").ToList();
        var executions = new Execution?[items.Count];
        for (var i = 0; i < items.Count; i++) Read(i);
        foreach (var execution in executions) state.Add(execution!);
        foreach (var index in json.Items("scheduled")) state.Scheduled.Enqueue(executions[index.GetInt32()]!);

        Execution Read(int index)
        {
            if (executions[index] is { } read) return read;
            var item = items[index];
            var parent = item.Number("in") is { } container ? Read(container) : null;
            if (parent is not null) parent.Children++;
            return executions[index] = ReadExecution(item, parent, definition);
        }
    }

    private static Execution ReadExecution(JsonElement item, Execution? parent, WorkflowDefinition definition)
    {
        var execution = new Execution(item.GetProperty("id").GetGuid(), Box(item, definition), parent)
        {
            Status = (ExecutionStatus)item.GetProperty("status").GetInt32(),
            Data = item.Property("data") is { } data ? [.. data.EnumerateArray().Select(number => number.GetInt32())] : null,
        };
        if (item.Object("waits") is { } waits) execution.Waits = [.. Waits(waits, stays: false)];
        if (item.Object("stays") is { } stays) execution.Waits = [.. execution.Waits ?? [], .. Waits(stays, stays: true)];
        if (item.Object("vars") is not null) ReadVariables(item, VariablesOf(execution), execution.Variables = []);
        return execution;
    }

    private static IEnumerable<Wait> Waits(JsonElement waits, bool stays) => waits.EnumerateObject().Select(wait => new Wait(Guid.Parse(wait.Name), wait.Value.GetString()!, stays));

    /// <summary>A box's own variables, and those that its container has for each child.</summary>
    private static List<Variable> VariablesOf(Execution execution) =>
    [
        .. (execution.Activity as Container)?.OwnVariables ?? [],
        .. execution.Parent is null ? [] : ((Container)execution.Parent.Activity).Variables.Where(variable => variable.IsPerChild),
    ];

    private static Incident ReadIncident(JsonElement item, WorkflowDefinition definition)
    {
        var box = Box(item, definition);
        var fault = new Fault(item.Text("type") ?? "", item.Text("message") ?? "") { StackTrace = item.Text("trace") };
        return new Incident(box.Id, box.NodeId, box.TypeName, item.GetProperty("execution").GetGuid(), fault, item.GetProperty("at").GetDateTimeOffset());
    }

    private static Activity Box(JsonElement item, WorkflowDefinition definition) =>
        (item.Text("node") is { } node ? definition.Find(node) : null) ?? definition.Find(item.Text("box")!) ?? throw new InvalidDataException($"The definition '{definition.Id}' has no box '{item.Text("box")}'.");
}
