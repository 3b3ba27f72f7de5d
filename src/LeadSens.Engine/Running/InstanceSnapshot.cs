using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>What a stored instance holds, for whoever looks at it.</summary>
/// <param name="Input">The workflow's inputs, by name.</param>
/// <param name="Output">Its outputs so far, by name.</param>
/// <param name="Variables">The workflow's own variables; those of containers live with their executions.</param>
public sealed record InstanceSnapshot(
    string? CorrelationId, string? Name, IReadOnlyDictionary<string, JsonElement> Input, IReadOnlyDictionary<string, JsonElement> Output,
    IReadOnlyList<VariableSnapshot> Variables, IReadOnlyList<Incident> Incidents, IReadOnlyList<ActiveExecution> Active)
{
    /// <summary>Reads a state against the definition that the instance runs.</summary>
    /// <exception cref="InvalidDataException">The state names a box that the definition does not have.</exception>
    public static InstanceSnapshot Read(ReadOnlyMemory<byte> state, WorkflowDefinition definition)
    {
        var read = StateReader.Read(state, definition);
        return new(
            read.CorrelationId, read.Name, Elements(read.Input), Elements(read.Output),
            [.. GivenVariables.All(definition).Select(variable => Of(variable, read))],
            read.Incidents, [.. read.Active.Select(Of)]);
    }

    private static VariableSnapshot Of(Variable variable, InstanceState state)
    {
        var root = state.Active.FirstOrDefault(execution => execution.Parent is null);
        if (!state.Variables.TryGetValue(variable, out var value) && root?.Variables?.TryGetValue(variable, out value) is not true) value = variable.Default;
        return new(variable.Id, variable.Name, variable.Kind.Name, Value.ToElement(value));
    }

    private static ActiveExecution Of(Execution execution) =>
        new(execution.Id, execution.Parent?.Id, execution.Activity.Id, execution.Activity.NodeId, execution.Activity.TypeName, execution.Waits is { Count: > 0 });

    private static Dictionary<string, JsonElement> Elements(Dictionary<string, object?> values) => values.ToDictionary(pair => pair.Key, pair => Value.ToElement(pair.Value));
}

/// <summary>A variable's value; its default where nothing was set.</summary>
public sealed record VariableSnapshot(string Id, string Name, string TypeName, JsonElement Value);

/// <summary>An execution that has not ended.</summary>
public sealed record ActiveExecution(Guid Id, Guid? ParentId, string ActivityId, string NodeId, string ActivityType, bool Waits);
