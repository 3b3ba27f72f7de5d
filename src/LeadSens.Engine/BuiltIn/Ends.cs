namespace LeadSens.Engine.BuiltIn;

/// <summary>Where a flowchart starts.</summary>
[Activity("Elsa", Category = "Flow", Description = "Where a flowchart starts.", IsStart = true)]
public sealed class Start : Activity
{
    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Done);
}

/// <summary>Ends the flowchart that it stands in; what is still active there is cancelled.</summary>
[Activity("Elsa", Category = "Flow", Description = "Ends the flowchart.", Outcomes = [], IsTerminal = true)]
public sealed class End : Activity
{
    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Done);
}

/// <summary>Ends the workflow, wherever it stands.</summary>
[Activity("Elsa", Category = "Primitives", Description = "Ends the workflow.", Outcomes = [], IsTerminal = true)]
public sealed class Finish : Activity
{
    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult<ActivityResult>(new ActivityResult.Ending());
}
