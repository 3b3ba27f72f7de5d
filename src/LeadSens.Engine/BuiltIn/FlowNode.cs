namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs the one activity inside it, then ends with Done.</summary>
[Activity("Elsa", Category = "Flow", DisplayName = "Container", Description = "Runs the activity inside it.")]
public sealed class FlowNode : Container
{
    public Activity? Body { get; private set; }

    internal override IEnumerable<Activity> Children => Body is null ? [] : [Body];

    internal override void Read(ActivityReader reader) => Body = reader.ReadChild("body");

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        if (Body is null) return DoneOutcome;
        burst.Schedule(Body, self);
        return null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) => DoneOutcome;
}
