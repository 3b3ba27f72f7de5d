using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Variables that somebody sets from outside: those of the workflow and of its outermost container.</summary>
internal static class GivenVariables
{
    /// <summary>Sets all of them, or none when something does not fit.</summary>
    public static List<DefinitionError> Set(InstanceState state, WorkflowDefinition definition, IReadOnlyDictionary<string, JsonElement> values)
    {
        var errors = new List<DefinitionError>();
        var fitting = new List<(Variable Variable, object? Value)>();
        var declared = All(definition).ToList();
        foreach (var (id, element) in values)
        {
            var given = Value.From(element);
            if (declared.Find(variable => variable.Id == id) is not { } variable) errors.Add(new DefinitionError(null, id, $"There is no variable '{id}'."));
            else if (variable.Kind.TryConvert(given, out var value)) fitting.Add((variable, value));
            else errors.Add(new DefinitionError(null, id, $"The variable '{variable.Name}' takes {variable.Kind.Name}, not {Scope.Describe(given)}."));
        }

        if (errors.Count > 0) return errors;
        var root = state.Active.Find(execution => execution.Parent is null);
        foreach (var (variable, value) in fitting) (variable.Container is null || root is null ? state.Variables : root.Variables ??= [])[variable] = value;
        return errors;
    }

    /// <summary>What the viewer of an instance shows.</summary>
    public static IEnumerable<Variable> All(WorkflowDefinition definition) => definition.Root is Container root ? definition.Variables.Concat(root.OwnVariables).Distinct() : [];
}
