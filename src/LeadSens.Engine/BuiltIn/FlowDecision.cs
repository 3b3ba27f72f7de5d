namespace LeadSens.Engine.BuiltIn;

/// <summary>Ends with True or False.</summary>
[Activity("Elsa", Category = "Branching", Description = "Goes one of two ways, by a condition.", Outcomes = ["True", "False"])]
public sealed class FlowDecision : Activity
{
    [Input(Description = "What decides.")]
    public Input<bool> Condition { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Complete(context.Get(Condition) ? "True" : "False"));
}
