namespace LeadSens.Engine;

/// <summary>An input of an activity: an expression in the definition, a value at run time.</summary>
public abstract class Input
{
    private protected Input() { }

    /// <summary>The property's name.</summary>
    internal string Name { get; set; } = "";

    /// <summary>Null when the value is a constant.</summary>
    internal Expression? Expression { get; private set; }

    /// <summary>Where the evaluated value stands while the activity runs.</summary>
    internal int Slot { get; private set; }

    internal abstract Type ValueType { get; }

    internal abstract object? DefaultValue { get; }

    internal void Bind(Expression expression, int slot) => (Expression, Slot) = (expression, slot);

    /// <summary>Takes a constant. False when it does not fit the type.</summary>
    internal abstract bool TryBind(object? constant);

    /// <summary>Converts what the expression gave to the input's type. False when it does not fit.</summary>
    internal abstract bool TryConvert(object? value, out object? result);
}

/// <inheritdoc cref="Input"/>
public sealed class Input<T> : Input
{
    private object? _constant;
    private T? _value;

    public Input() { }
    public Input(T? defaultValue) => (Default, _value) = (defaultValue, defaultValue);

    /// <summary>Used where the definition gives no expression.</summary>
    public T? Default { get; }

    internal override Type ValueType => typeof(T);

    internal override object? DefaultValue => Default;

    internal override bool TryBind(object? constant)
    {
        if (constant is null || constant is string { Length: 0 } && typeof(T) != typeof(string)) return true;
        _constant = constant;
        return Value.TryTo(constant, out _value);
    }

    internal override bool TryConvert(object? value, out object? result)
    {
        var fits = Value.TryTo<T>(value, out var converted);
        result = converted;
        return fits;
    }

    /// <summary>The constant. A mutable one is made anew for each reader, because the box is shared by all instances.</summary>
    internal T? Constant => _constant is not System.Text.Json.JsonElement || !Value.TryTo<T>(_constant, out var copy) ? _value : copy;
}

/// <summary>An output of an activity.</summary>
public abstract class Output
{
    private protected Output() { }

    internal string Name { get; set; } = "";

    /// <summary>The variable that captures it; null when none does.</summary>
    internal Variable? Variable { get; set; }

    /// <summary>The workflow output that captures it; null when none does.</summary>
    internal WorkflowArgument? WorkflowOutput { get; set; }

    internal abstract Type ValueType { get; }
}

/// <inheritdoc cref="Output"/>
public sealed class Output<T> : Output
{
    internal override Type ValueType => typeof(T);
}
