namespace LeadSens.Engine.BuiltIn;

/// <summary>For what a join waits.</summary>
public enum JoinMode { WaitAny, WaitAll, WaitAllActive }

/// <summary>Brings branches together: on the first one (the others are cancelled), on all, or on all that are alive.</summary>
[Activity("Elsa", Category = "Branching", Description = "Brings branches together.")]
public sealed class FlowJoin : Activity
{
    [Input(Description = "WaitAny goes on with the first branch and cancels the others; WaitAll wants every branch; WaitAllActive wants every branch that was taken.")]
    public Input<JoinMode> Mode { get; } = new(JoinMode.WaitAny);

    internal JoinMode JoinMode => Mode.Constant;

    internal override void Read(ActivityReader reader)
    {
        if (Mode.Expression is not null) reader.Error("mode", $"The mode of {Title} is a constant: WaitAny, WaitAll or WaitAllActive.");
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Done);
}
