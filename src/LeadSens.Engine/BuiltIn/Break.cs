namespace LeadSens.Engine.BuiltIn;

/// <summary>Ends the nearest For, ForEach or While around it, and at once the flowchart or sequence that it stands in.</summary>
[Activity("Elsa", Category = "Looping", Description = "Ends the loop around it.", Outcomes = [], IsTerminal = true)]
public sealed class Break : Activity
{
    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var around = ((BurstContext)context).Scope.Current.Parent;
        while (around is not null && !((Container)around.Activity).Break(around)) around = around.Parent;
        return ValueTask.FromResult(Done);
    }
}
