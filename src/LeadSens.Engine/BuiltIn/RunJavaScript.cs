namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs a script; its value is the result. It ends with the outcomes that the script sets by setOutcome(name) or setOutcomes([names]),
/// else with Done.</summary>
[Activity("Elsa", Category = "Scripting", DisplayName = "Run JavaScript", Description = "Runs JavaScript.")]
public sealed class RunJavaScript : Activity
{
    private ScriptExpression? _script;

    [Input(Description = "The script. It reads and writes variables, and sets outcomes by setOutcome() or setOutcomes().", UiHint = "code-editor", DefaultSyntax = "JavaScript")]
    public Input<string> Script { get; } = new();

    [Input(Description = "The outcomes that the script may set.", UiHint = "dynamic-outcomes", DefaultSyntax = "Object", Order = 1)]
    public Input<ICollection<string>> PossibleOutcomes { get; } = new();

    [Output(Description = "The value of the script.")]
    public Output<object> Result { get; } = new();

    internal override IReadOnlyList<string>? Outcomes => PossibleOutcomes.Expression is null ? [.. PossibleOutcomes.Constant ?? [], "Done"] : null;

    /// <summary>Text is the script itself, and so is what stands as JavaScript: it is run once.</summary>
    internal override void Read(ActivityReader reader)
    {
        if (Script.Expression is ScriptExpression written) _script = written;
        else if (Script.Expression is null && !string.IsNullOrWhiteSpace(Script.Constant)) _script = new ScriptExpression(Script.Constant);
        if (_script != Script.Expression || _script is null && Script.Expression is not null) reader.Reading.Scripts.Add(_script);
        if (_script is null) return;
        Evaluated = [.. Evaluated.Where(input => input != Script)];
        if (_script.Problem is { } problem) reader.Error("script", $"The JavaScript of {Title} is broken: {problem}");
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var script = _script;
        if (script is null && Script.Expression is not null && context.Get(Script) is { } text && !string.IsNullOrWhiteSpace(text)) script = new ScriptExpression(text);
        if (script is null) return ValueTask.FromResult(Done);
        var scope = ((BurstContext)context).Scope;
        scope.ScriptOutcomes = ["Done"];
        try
        {
            if (script.Evaluate(scope) is { } value) context.Set(Result, value);
            return ValueTask.FromResult(Complete([.. scope.ScriptOutcomes]));
        }
        finally
        {
            scope.ScriptOutcomes = null;
        }
    }
}

/// <summary>Reads a line from the console in Elsa. A server has no console, so a definition with it may be drawn and kept, but not run.</summary>
[Activity("Elsa", Category = "Console", DisplayName = "Read Line", Description = "Reads a line of text from the console; not on a server.", IsBrowsable = false)]
public sealed class ReadLine : Activity
{
    [Output(Description = "The line.")]
    public Output<string> Result { get; } = new();

    internal override void Read(ActivityReader reader) => reader.Error("type", $"The {Title} reads from a console, and the server has none.");

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Fault("NoConsole", $"The {Title} reads from a console."));
}
