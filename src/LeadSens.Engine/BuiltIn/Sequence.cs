namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs boxes one after the other.</summary>
[Activity("Elsa", Category = "Workflows", Description = "Runs activities one after the other.", IsContainer = true, IsBrowsable = false)]
public sealed class Sequence : Container
{
    private IReadOnlyList<Activity> _children = [];

    internal override IEnumerable<Activity> Children => _children;

    internal override bool BeginsAt(Activity child) => _children.Count > 0 && _children[0] == child;

    internal override void Read(ActivityReader reader) => _children = reader.ReadChildren("activities");

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        self.Data = [0];
        return Next(burst, self);
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes)
    {
        if (child.Descriptor.IsTerminal) return DoneOutcome;
        self.Data![0]++;
        return Next(burst, self);
    }

    internal override bool Break(Execution self)
    {
        self.Data![0] = _children.Count;
        return false;
    }

    private IReadOnlyList<string>? Next(Burst burst, Execution self)
    {
        if (self.Data![0] >= _children.Count) return DoneOutcome;
        burst.Schedule(_children[self.Data[0]], self);
        return null;
    }
}
