namespace LeadSens.Engine;

/// <summary>A JavaScript expression.</summary>
internal sealed class ScriptExpression(string source) : Expression
{
    public override object? Evaluate(Scope scope) => throw new ExpressionException(source);
}

internal static class ScriptSource
{
    public static string? Check(string source) => source.Length > 10_000 ? "too long" : null;
}
