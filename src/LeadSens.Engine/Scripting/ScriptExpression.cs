namespace LeadSens.Engine;

/// <summary>A JavaScript expression. What is bounded by construction runs in this process, everything else in a script host.</summary>
internal sealed class ScriptExpression : Expression
{
    private readonly ScriptProgram? _program;
    private BoundedScript? _bounded;

    public ScriptExpression(string source)
    {
        (Source, _program, Problem) = (source, ScriptSource.Read(source, out var problem), problem);
        _bounded = _program?.Bounded;
    }

    public string Source { get; }

    /// <summary>What is wrong with the text; null when nothing is.</summary>
    public string? Problem { get; }

    /// <summary>True when it runs in this process; false once it has turned out to need what only a host has.</summary>
    public bool IsBounded => _bounded is not null;

    public override object? Evaluate(Scope scope)
    {
        if (_program is null) throw new ExpressionException($"JavaScript of {scope.Current.Activity.Title} is broken: {Problem}");
        if (_bounded is { } bounded)
        {
            if (bounded.TryEvaluate(scope, out var value)) return value;
            _bounded = null;
        }

        return scope.Scripts.Evaluate(_program, scope);
    }
}
