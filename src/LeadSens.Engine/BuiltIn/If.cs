namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs Then when the condition holds, else Else; ends with Done. In a flowchart, FlowDecision draws both ways as connections.</summary>
[Activity("Elsa", Category = "Branching", Description = "Runs one of two activities, by a condition.")]
public sealed class If : Container
{
    [Input(Description = "What decides.")]
    public Input<bool> Condition { get; } = new();

    [Output(Description = "What the condition gave.")]
    public Output<bool> Result { get; } = new();

    public Activity? Then { get; private set; }

    public Activity? Else { get; private set; }

    internal override IEnumerable<Activity> Children => new[] { Then, Else }.OfType<Activity>();

    internal override void Read(ActivityReader reader) => (Then, Else) = (reader.ReadChild("then"), reader.ReadChild("else"));

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        burst.Context.Evaluate();
        var holds = burst.Context.Get(Condition);
        burst.Context.Set(Result, holds);
        if ((holds ? Then : Else) is not { } branch) return DoneOutcome;
        burst.Schedule(branch, self);
        return null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) => DoneOutcome;
}
