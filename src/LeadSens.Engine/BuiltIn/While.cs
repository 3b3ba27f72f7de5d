namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs its body as long as a condition holds, which is evaluated before each round; ends with Done.</summary>
[Activity("Elsa", Category = "Looping", Description = "Repeats an activity while a condition holds.")]
public sealed class While : Loop
{
    [Input(Description = "Evaluated before each round.", UiHint = "singleline")]
    public Input<bool> Condition { get; } = new();

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        self.Data = [0];
        return Next(burst, self);
    }

    private protected override IReadOnlyList<string>? Next(Burst burst, Execution self)
    {
        burst.Context.Evaluate();
        if (!burst.Context.Get(Condition)) return DoneOutcome;
        if (Body is null) throw new ExpressionException($"The {Title} has no body, and its condition holds: it would never end.");
        burst.Schedule(Body, self);
        return null;
    }
}
