namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs boxes side by side; ends with Done when all have ended.</summary>
[Activity("Elsa", Category = "Workflows", Description = "Runs activities side by side.", IsContainer = true, IsBrowsable = false)]
public sealed class Parallel : Container
{
    private IReadOnlyList<Activity> _children = [];

    internal override IEnumerable<Activity> Children => _children;

    internal override void Read(ActivityReader reader) => _children = reader.ReadChildren("activities");

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        foreach (var child in _children) burst.Schedule(child, self);
        return self.Children == 0 ? DoneOutcome : null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) => self.Children == 0 ? DoneOutcome : null;
}
