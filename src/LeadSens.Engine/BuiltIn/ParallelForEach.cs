namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs its body for all items of a list side by side; ends with Done when all have ended. Each body sees its own CurrentValue and
/// CurrentIndex.</summary>
[Activity("Elsa", Category = "Looping", DisplayName = "Parallel For Each", Description = "Runs an activity for each item of a list, side by side.")]
public sealed class ParallelForEach : Loop
{
    private readonly Variable _value;
    private readonly Variable _index;

    public ParallelForEach() => (_value, _index) = (RoundVariable("CurrentValue", "Object"), RoundVariable("CurrentIndex", "Int32"));

    [Input(Description = "The list.", UiHint = "singleline", DefaultSyntax = "JavaScript")]
    public Input<object> Items { get; } = new();

    private protected override IEnumerable<Variable> RoundVariables => [_value, _index];

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        self.Data = [0];
        burst.Context.Evaluate();
        if (Body is null) return DoneOutcome;
        var index = 0L;
        foreach (var item in ItemList.Of(burst.Context.Get(Items), this).EnumerateArray())
            burst.Schedule(Body, self).Variables = new() { [_value] = Value.From(item), [_index] = index++ };
        return Next(burst, self);
    }

    /// <summary>A Break in a body is for a loop further out: the other bodies go on.</summary>
    internal override bool Break(Execution self) => false;

    private protected override IReadOnlyList<string>? Next(Burst burst, Execution self) => self.Children == 0 ? DoneOutcome : null;
}
