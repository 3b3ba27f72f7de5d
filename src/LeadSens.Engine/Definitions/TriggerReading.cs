namespace LeadSens.Engine;

/// <summary>Asks one box for its triggers: evaluates its inputs without an instance.</summary>
internal sealed class TriggerReading(WorkflowDefinition definition, TriggerActivity activity, Guid tenantId, DateTimeOffset now, ICollection<DefinitionError> errors) : TriggerContext, IInputValues
{
    private readonly object?[] _values = new object?[definition.MaxSlots];

    public override Guid TenantId => tenantId;

    public override DateTimeOffset Now => now;

    public override T? Get<T>(Input<T> input) where T : default
    {
        if (input.Expression is null) return input.Constant;
        return _values[input.Slot] is T value ? value : input.Default;
    }

    public override void Error(string path, string message) => errors.Add(new DefinitionError(activity.Id, path, message));

    /// <summary>The triggers; nothing after an error was noted.</summary>
    public IReadOnlyList<Trigger> Read()
    {
        var before = errors.Count;
        foreach (var input in activity.Evaluated) Evaluate(input);
        if (errors.Count > before) return [];
        List<Trigger> triggers = [.. activity.Triggers(this).Select(request => new Trigger(activity.Id, activity.TypeName, request))];
        return errors.Count > before ? [] : triggers;
    }

    private void Evaluate(Input input)
    {
        try
        {
            var value = input.Expression!.Evaluate(new Scope(Guid.Empty, tenantId, definition, null) { Current = new Execution(Guid.Empty, activity, null) });
            if (!input.TryConvert(value, out _values[input.Slot])) Error(input.Name, $"The input '{input.Name}' of {activity.Title} takes {TypeNames.Taken(input.ValueType)}, not {Scope.Describe(value)}.");
        }
        catch (ExpressionException exception)
        {
            Error(input.Name, $"The input '{input.Name}' of {activity.Title} must have a value before there is a run, because the box starts the workflow. {exception.Message}");
        }
    }
}
