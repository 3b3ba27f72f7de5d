namespace LeadSens.Engine.BuiltIn;

/// <summary>When a fork ends.</summary>
public enum ForkJoinMode { WaitAll, WaitAny }

/// <summary>Runs branches side by side; ends with Done when all have ended, or with the first one, whereupon the others are cancelled.</summary>
[Activity("Elsa", Category = "Control Flow", Description = "Runs branches side by side.", IsBrowsable = false)]
public sealed class Fork : Container
{
    private IReadOnlyList<Activity> _branches = [];

    [Input(Description = "WaitAll ends when all branches have ended; WaitAny ends with the first one and cancels the others.")]
    public ForkJoinMode JoinMode { get; private set; }

    internal override IEnumerable<Activity> Children => _branches;

    internal override void Read(ActivityReader reader)
    {
        _branches = reader.ReadChildren("branches");
        if (reader.Json.Property("joinMode") is not { } given) return;
        if (Value.TryTo<ForkJoinMode>(Value.From(given), out var mode)) JoinMode = mode;
        else reader.Error("joinMode", $"The join mode of {Title} is WaitAll or WaitAny.");
    }

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        self.Data = [0];
        foreach (var branch in _branches) burst.Schedule(branch, self);
        return self.Children == 0 ? DoneOutcome : null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes)
    {
        if (self.Children > 0 && JoinMode == ForkJoinMode.WaitAll && self.Data![0] == 0) return null;
        burst.CancelChildren(self);
        return DoneOutcome;
    }

    /// <summary>Ends with the branch that broke out; the loop around it hears of it too.</summary>
    internal override bool Break(Execution self)
    {
        self.Data![0] = 1;
        return false;
    }
}
