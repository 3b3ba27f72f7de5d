using LeadSens.Scripts;

namespace LeadSens.Engine;

/// <summary>Answers what scripts ask of a run: Elsa's functions, on the scope of the box that is evaluated. The interpreter's side of each is in
/// <see cref="ScriptFunctions"/>.</summary>
internal static class RunFunctions
{
    private delegate object? Function(Scope scope, IReadOnlyList<string?> texts, object? value);

    /// <summary>There is no such member: JavaScript's undefined.</summary>
    public static readonly object None = new();

    private static readonly Dictionary<string, Function> Functions = new(StringComparer.Ordinal)
    {
        ["getVariable"] = static (scope, texts, _) => GetVariable(scope, texts[0]!),
        ["setVariable"] = static (scope, texts, value) => SetVariable(scope, texts[0]!, value),
        ["getInput"] = static (scope, texts, _) => scope.GetInput(texts[0]!),
        ["getOutputFrom"] = static (scope, texts, _) => scope.GetOutput(texts[0]!, texts.Count > 1 ? texts[1] : null),
        ["getLastResult"] = static (scope, _, _) => scope.State.LastResult,
        ["getWorkflowDefinitionId"] = static (scope, _, _) => scope.Definition.DefinitionId,
        ["getWorkflowDefinitionVersionId"] = static (scope, _, _) => scope.Definition.Id,
        ["getWorkflowDefinitionVersion"] = static (scope, _, _) => (long)scope.Definition.Version,
        ["getWorkflowInstanceId"] = static (scope, _, _) => scope.InstanceId.ToString(),
        ["getWorkflowInstanceName"] = static (scope, _, _) => scope.State.Name,
        ["setWorkflowInstanceName"] = static (scope, texts, _) => scope.State.Name = texts[0],
        ["getCorrelationId"] = static (scope, _, _) => scope.State.CorrelationId,
        ["setCorrelationId"] = static (scope, texts, _) => scope.Correlate(texts[0]),
        ["setOutcome"] = static (scope, texts, value) => SetOutcomes(scope, "Outcome", value, [texts[0]!]),
        ["setOutcomes"] = static (scope, _, value) => SetOutcomes(scope, "Outcomes", value, Value.TryTo<string[]>(value, out var names) ? names : null),
        ["createEventTriggerUrl"] = static (scope, texts, value) => EventLink(scope, texts[0]!, value),
        [ScriptFunctions.ReadMember] = static (scope, texts, _) => scope.FindVariable(texts[0]!) is { } variable ? scope.Get(variable) : None,
        [ScriptFunctions.WriteMember] = static (scope, texts, value) => SetVariable(scope, texts[0]!, value),
    };

    /// <summary>What a function, or an accessor that is named after something of the definition, gives.</summary>
    /// <exception cref="ExpressionException">It cannot be done.</exception>
    /// <exception cref="MissingNameException">There is nothing of this name.</exception>
    public static object? Call(string name, IReadOnlyList<string?> texts, object? value, Scope scope) =>
        Functions.TryGetValue(name, out var function) ? function(scope, texts, value) : Lookup(scope, name, value);

    /// <summary>getName(), setName(value), getOutputFromActivity(): names that Elsa generates from the definition.</summary>
    private static object? Lookup(Scope scope, string accessor, object? value)
    {
        var name = accessor[3..];
        if (accessor[0] == 's') return SetVariable(scope, Named(scope, name)?.Name ?? name, value);
        if (Named(scope, name) is { } variable) return scope.Get(variable);
        if (scope.Inputs.FirstOrDefault(input => input.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } input) return scope.GetInput(input.Name);
        var from = name.LastIndexOf("From", StringComparison.Ordinal);
        if (from > 0 && scope.Definition.Activities.FirstOrDefault(box => Pascal(box.Name) == name[(from + 4)..]) is { } source) return scope.GetOutput(source.Id, name[..from]);
        throw new MissingNameException($"{accessor} is not defined");
    }

    private static object? GetVariable(Scope scope, string name)
    {
        if (scope.Argument is { } argument && argument.Name == name) return argument.Value;
        return scope.FindVariable(name) is { } variable ? scope.Get(variable) : throw new ExpressionException($"There is no variable '{name}' in scope.");
    }

    private static object? SetVariable(Scope scope, string name, object? value)
    {
        scope.Set(scope.FindVariable(name) ?? throw new ExpressionException($"There is no variable '{name}' in scope."), value);
        return null;
    }

    /// <summary>Sets the outcomes of a RunJavaScript; anywhere else it is the accessor of a variable with that name.</summary>
    private static object? SetOutcomes(Scope scope, string variable, object? value, string[]? names)
    {
        if (scope.ScriptOutcomes is not { } outcomes)
            return SetVariable(scope, (Named(scope, variable) ?? throw new ExpressionException("Only the script of a RunJavaScript sets outcomes.")).Name, value);
        outcomes.Clear();
        outcomes.AddRange(names ?? throw new ExpressionException("setOutcomes takes a list of names."));
        return null;
    }

    /// <param name="limit">A span of time for how long, a moment until when; for ever without one.</param>
    private static string EventLink(Scope scope, string name, object? limit)
    {
        if (scope.EventLink is not { } make) throw new ExpressionException("This host has no addresses for events.");
        if (string.IsNullOrWhiteSpace(name)) throw new ExpressionException("createEventTriggerUrl takes the name of an event.");
        TimeSpan? span = Value.TryTo<TimeSpan>(limit, out var lifetime) && limit is not null ? lifetime : null;
        DateTimeOffset? moment = span is null && limit is not null
            ? Value.TryTo<DateTimeOffset>(limit, out var until) ? until : throw new ExpressionException($"createEventTriggerUrl takes a span of time or a moment, not {Scope.Describe(limit)}.")
            : null;
        return make(new EventLinkRequest(scope.InstanceId, scope.TenantId, name, span, moment));
    }

    private static Variable? Named(Scope scope, string name) => scope.FindVariable(name) ?? scope.FindVariable(char.ToLowerInvariant(name[0]) + name[1..]);

    private static string Pascal(string? name) => string.IsNullOrEmpty(name) ? "" : char.ToUpperInvariant(name[0]) + name[1..];
}

/// <summary>A script calls a function that its definition does not have; for the script it is a ReferenceError.</summary>
internal sealed class MissingNameException(string message) : Exception(message);
