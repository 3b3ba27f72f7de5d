namespace LeadSens.Engine;

/// <summary>An expression of a definition, made once per definition and shared by all its instances.</summary>
internal abstract class Expression
{
    /// <summary>The value now. A failure is an <see cref="ExpressionException"/>.</summary>
    public abstract object? Evaluate(Scope scope);
}

/// <summary>The value of a variable that is in scope.</summary>
internal sealed class VariableExpression(Variable variable) : Expression
{
    public override object? Evaluate(Scope scope) => scope.Get(variable);
}

/// <summary>The value of a workflow input; null when the start gave none.</summary>
internal sealed class InputExpression(string name) : Expression
{
    public override object? Evaluate(Scope scope) => scope.GetInput(name);
}

/// <summary>A constant where an expression is wanted, such as the condition of a case.</summary>
internal sealed class LiteralExpression(object? value) : Expression
{
    public override object? Evaluate(Scope scope) => value;
}

/// <summary>An expression that could not be evaluated; becomes a fault of the box that it belongs to.</summary>
internal sealed class ExpressionException(string message) : Exception(message);
