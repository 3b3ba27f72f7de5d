namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs its body for each number from Start to End; ends with Done. The body sees the number as CurrentValue.</summary>
[Activity("Elsa", Category = "Looping", Description = "Repeats an activity for each number of a range.")]
public sealed class For : Loop
{
    private const int Current = First;
    private const int Last = First + 1;
    private const int StepBy = First + 2;

    private readonly Variable _value;

    public For() => _value = RoundVariable("CurrentValue", "Int32");

    [Input(Description = "The first number.")]
    public Input<int> Start { get; } = new(0);

    [Input(Description = "Where the numbers end.", Order = 1)]
    public Input<int> End { get; } = new(0);

    [Input(Description = "The distance of two numbers; negative to count down.", Order = 2)]
    public Input<int> Step { get; } = new(1);

    [Input(Description = "Whether End itself is among the numbers.", Order = 3)]
    public Input<bool> OuterBoundInclusive { get; } = new(true);

    [Output(Description = "The number of this round.")]
    public Output<int> CurrentValue { get; } = new();

    private protected override IEnumerable<Variable> RoundVariables => [_value];

    /// <summary>The bounds are taken once. An exclusive end is kept as the last number before it.</summary>
    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        var context = burst.Context;
        context.Evaluate();
        var (start, end, step) = (context.Get(Start), (long)context.Get(End), context.Get(Step));
        if (step == 0) throw new ExpressionException($"The {Title} counts in steps of 0: it would never end.");
        if (!context.Get(OuterBoundInclusive)) end -= Math.Sign(step);
        self.Data = [0, start, (int)Math.Clamp(end, int.MinValue, int.MaxValue), step];
        return step > 0 ? start <= end ? Round(burst, self, start) : DoneOutcome : start >= end ? Round(burst, self, start) : DoneOutcome;
    }

    private protected override IReadOnlyList<string>? Next(Burst burst, Execution self)
    {
        var next = (long)self.Data![Current] + self.Data[StepBy];
        var goesOn = self.Data[StepBy] > 0 ? next <= self.Data[Last] : next >= self.Data[Last];
        return goesOn ? Round(burst, self, (int)next) : DoneOutcome;
    }

    private IReadOnlyList<string>? Round(Burst burst, Execution self, int number)
    {
        if (Body is null) return DoneOutcome;
        self.Data![Current] = number;
        burst.Schedule(Body, self).Variables = new() { [_value] = (long)number };
        burst.Context.Set(CurrentValue, number);
        return null;
    }
}
