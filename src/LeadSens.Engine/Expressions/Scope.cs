using System.Text.Json;
using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine;

/// <summary>What expressions see: variables from the box outwards, the workflow's inputs, last outputs, the instance.</summary>
internal sealed class Scope(Guid instanceId, Guid tenantId, WorkflowDefinition definition, InstanceState? run)
{
    private readonly Stack<(Dictionary<Variable, object?> Owner, Variable Variable, bool Had, object? Before)> _changes = [];

    public Guid InstanceId => run is null ? throw NoRun() : instanceId;

    public Guid TenantId => tenantId;

    /// <summary>The processes that evaluate scripts.</summary>
    public ScriptHosts Scripts { get; init; } = ScriptHosts.Shared;

    /// <summary>What the burst computes in; null: nobody shares it.</summary>
    public BurstPlaces.Held? Places { get; set; }

    /// <summary>Makes addresses of events; null where the host has none.</summary>
    public Func<EventLinkRequest, string>? EventLink { get; init; }

    /// <summary>The execution whose expressions are evaluated.</summary>
    public Execution Current { get; set; } = null!;

    /// <summary>Where a script puts the outcomes that it sets; null where no script may set any.</summary>
    public List<string>? ScriptOutcomes { get; set; }

    /// <summary>A value that an expression sees as a variable while it is evaluated; null where there is none.</summary>
    public (string Name, object? Value)? Argument { get; set; }

    public WorkflowDefinition Definition => definition;

    /// <summary>There is none while a workflow is published.</summary>
    /// <exception cref="ExpressionException">There is none.</exception>
    public InstanceState State => run ?? throw NoRun();

    public object? Get(Variable variable)
    {
        var owner = Owner(variable);
        return owner is not null && owner.TryGetValue(variable, out var value) ? value : variable.Default;
    }

    public void Set(Variable variable, object? value)
    {
        if (!variable.Kind.TryConvert(value, out var converted)) throw new ExpressionException($"The variable '{variable.Name}' takes {variable.Kind.Name}, not {Describe(value)}.");
        var owner = variable.Container is null ? State.Variables : Holder(variable)!.Variables ??= [];
        _changes.Push((owner, variable, owner.TryGetValue(variable, out var before), before));
        owner[variable] = converted;
    }

    /// <summary>Writes an output of the workflow around the box.</summary>
    public void SetOutput(WorkflowArgument output, object? value)
    {
        if (!output.Kind.TryConvert(value, out var converted)) throw new ExpressionException($"The output '{output.Name}' takes {output.Kind.Name}, not {Describe(value)}.");
        if (Workflow is { } workflow) Set(workflow.OutputVariable(output.Name), converted);
        else State.Output[output.Name] = ValueKind.Plain(converted);
    }

    /// <summary>Gives the instance the id by which others find it.</summary>
    /// <exception cref="ExpressionException">Nobody could find it by that.</exception>
    public string? Correlate(string? id) => State.CorrelationId = KeyLength.Fits(id) ? id : throw new ExpressionException(KeyLength.Problem("A correlation id"));

    /// <summary>A box begins: from here on changes of variables can be undone.</summary>
    public void Begin() => _changes.Clear();

    /// <summary>Takes back what the box wrote into variables.</summary>
    public void Undo()
    {
        while (_changes.TryPop(out var change))
        {
            if (change.Had) change.Owner[change.Variable] = change.Before;
            else change.Owner.Remove(change.Variable);
        }
    }

    /// <summary>The variable of this name, or id, that is nearest to the box; null when there is none.</summary>
    public Variable? FindVariable(string name) => definition.FindVariable(name, Current.Activity);

    /// <summary>The workflow that is used as a box around the current one; null in the outermost.</summary>
    public WorkflowActivity? Workflow => WorkflowActivity.Around(Current.Activity);

    public IReadOnlyList<WorkflowArgument> Inputs => Workflow?.DeclaredInputs ?? definition.Inputs;

    public IReadOnlyList<WorkflowArgument> Outputs => Workflow?.DeclaredOutputs ?? definition.Outputs;

    public object? GetInput(string name) =>
        Workflow is not { } workflow ? State.Input.GetValueOrDefault(name) : workflow.InputVariable(name) is { } variable ? Get(variable) : null;

    /// <summary>The last output of a box, by its id or name.</summary>
    public object? GetOutput(string activity, string? output)
    {
        var id = (Workflow is { } workflow ? workflow.Find(activity) : definition.FindByName(activity))?.StateId ?? activity;
        if (!State.Outputs.TryGetValue(id, out var outputs) || outputs.Count == 0) return null;
        return output is null ? outputs.Values.Last() : outputs.GetValueOrDefault(output);
    }

    public static string Describe(object? value) => value switch
    {
        null => "nothing",
        string text => $"the text '{(text.Length > 40 ? text[..40] + "…" : text)}'",
        JsonElement element => element.ValueKind == JsonValueKind.Array ? "a list" : "an object",
        _ => FormattableString.Invariant($"{value}"),
    };

    private Dictionary<Variable, object?>? Owner(Variable variable) => run is null ? throw NoRun() : variable.Container is null ? run.Variables : Holder(variable)?.Variables;

    private static ExpressionException NoRun() => new("It asks for a variable, an input, an output or something else of a run.");

    private Execution? Holder(Variable variable)
    {
        var execution = Current;
        while (execution is not null && (variable.IsPerChild ? execution.Parent?.Activity : execution.Activity) != variable.Container) execution = execution.Parent;
        return execution;
    }
}
