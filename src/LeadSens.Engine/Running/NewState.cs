using System.Text.Json.Nodes;

namespace LeadSens.Engine;

/// <summary>Makes the first state of an instance, with its root scheduled.</summary>
internal static class NewState
{
    /// <param name="errors">Takes what keeps the instance from starting: a box that is not there, inputs of the wrong type.</param>
    public static InstanceState Of(WorkflowDefinition definition, JsonObject? input, List<DefinitionError> errors, StartRequest? request = null)
    {
        var state = new InstanceState { CorrelationId = request?.CorrelationId, Name = request?.Name, TriggerActivityId = request?.TriggerActivityId, TriggerPayload = Value.From(request?.TriggerPayload) };
        if (state.TriggerActivityId is { } trigger && definition.Find(trigger) is null) errors.Add(new DefinitionError(trigger, "", $"There is no box '{trigger}' to start with."));
        foreach (var (name, node) in input ?? [])
        {
            if (definition.Inputs.FirstOrDefault(declared => declared.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } declared) continue;
            var given = Value.From(node);
            if (declared.Kind.TryConvert(given, out var value)) state.Input[declared.Name] = ValueKind.Plain(value);
            else errors.Add(new DefinitionError(null, $"inputs.{declared.Name}", $"The input '{declared.Name}' takes {declared.Kind.Name}, not {Scope.Describe(given)}."));
        }

        state.Schedule(definition.Root, null);
        return state;
    }
}
