using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Writes a line to the journal and the host's console.</summary>
[Activity("Elsa", Category = "Console", Description = "Writes a line of text.")]
public sealed class WriteLine : Activity
{
    [Input(Description = "What to write.")]
    public Input<string> Text { get; } = new();

    /// <inheritdoc/>
    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var text = context.Get(Text) ?? "";
        context.Note("text", text);
        await ((BurstContext)context).Options.Console.WriteLineAsync(text);
        return Done;
    }
}

/// <summary>Writes a variable that is in scope.</summary>
[Activity("Elsa", Category = "Primitives", Description = "Sets a variable.")]
public sealed class SetVariable : Activity
{
    private Variable? _variable;

    [Input(Description = "Which variable.", UiHint = "variable-picker")]
    public JsonElement Variable { get; private set; }

    [Input(Description = "Its new value.", Order = 1)]
    public Input<object> Value { get; } = new();

    internal override void Read(ActivityReader reader)
    {
        Variable = reader.Json.Property("variable") ?? default;
        var named = Variable.ValueKind == JsonValueKind.String ? Variable.GetString() : Variable.Text("id") ?? Variable.Text("name");
        _variable = named is null ? null : reader.FindVariable(named) ?? (Variable.Text("name") is { } name ? reader.FindVariable(name) : null);
        if (_variable is null) reader.Error("variable", $"The {Title} sets the variable '{named}', which is not in scope.");
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        ((BurstContext)context).Scope.Set(_variable!, context.Get(Value));
        return ValueTask.FromResult(Done);
    }
}

/// <summary>Writes an output of the workflow.</summary>
[Activity("Elsa", Category = "Composition", Description = "Sets an output of the workflow.")]
public sealed class SetOutput : Activity
{
    [Input(Description = "Which output.", UiHint = "output-picker")]
    public Input<string> OutputName { get; } = new();

    [Input(Description = "Its value.", Order = 1)]
    public Input<object> OutputValue { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var scope = ((BurstContext)context).Scope;
        var name = context.Get(OutputName) ?? "";
        if (scope.Outputs.FirstOrDefault(output => output.Name == name) is not { } declared) return ValueTask.FromResult(Fault("UnknownOutput", $"The workflow declares no output '{name}'."));
        if (!declared.Kind.TryConvert(context.Get(OutputValue), out var value)) return ValueTask.FromResult(Fault("WrongType", $"The output '{name}' takes {declared.Kind.Name}."));
        scope.SetOutput(declared, value);
        return ValueTask.FromResult(Done);
    }
}

/// <summary>Names the instance.</summary>
[Activity("Elsa", Category = "Primitives", Description = "Names the instance.")]
public sealed class SetName : Activity
{
    [Input(Description = "The name.")]
    public Input<string> Value { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        ((BurstContext)context).Scope.State.Name = context.Get(Value);
        return ValueTask.FromResult(Done);
    }
}

/// <summary>Gives the instance a correlation id, by which others find it.</summary>
[Activity("Elsa", Category = "Primitives", Description = "Sets the correlation id.")]
public sealed class Correlate : Activity
{
    [Input(Description = "The correlation id.")]
    public Input<string> CorrelationId { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        ((BurstContext)context).Scope.Correlate(context.Get(CorrelationId));
        return ValueTask.FromResult(Done);
    }
}
