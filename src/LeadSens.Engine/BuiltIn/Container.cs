namespace LeadSens.Engine;

/// <summary>A box with boxes inside: it schedules them and is told when each ends.</summary>
public abstract class Container : Activity
{
    internal IReadOnlyList<Variable> Variables { get; set; } = [];

    /// <summary>What an execution of it keeps for itself.</summary>
    internal virtual IEnumerable<Variable> OwnVariables => Variables.Where(variable => !variable.IsPerChild);

    internal abstract IEnumerable<Activity> Children { get; }

    /// <summary>True when it is executed and resumed as other boxes are, and schedules its children then.</summary>
    internal virtual bool IsExecuted => false;

    /// <summary>True when a run may begin at this child.</summary>
    internal virtual bool BeginsAt(Activity child) => false;

    /// <summary>Schedules the first children. Answers the outcomes when there is nothing to schedule, null to go on.</summary>
    internal abstract IReadOnlyList<string>? Begin(Burst burst, Execution self);

    /// <summary>A child ended. Answers the outcomes when that was the end, null to go on.</summary>
    internal abstract IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes);

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult<ActivityResult>(new ActivityResult.Containing());

    /// <summary>A child waits now. Answers the outcomes when the container does not wait with it and that was the end, null to go on.</summary>
    internal virtual IReadOnlyList<string>? ChildSuspended(Burst burst, Execution self, Execution child) => null;

    /// <summary>A Break inside asks for the end of the nearest loop. True when this is that loop.</summary>
    internal virtual bool Break(Execution self) => false;

    internal static IReadOnlyList<string> DoneOutcome { get; } = ["Done"];
}
