namespace LeadSens.Engine.BuiltIn;

/// <summary>A container that runs its body again and again, until it has no more rounds or a Break inside ends it.</summary>
public abstract class Loop : Container
{
    private const int Broken = 0;

    /// <summary>Where a loop keeps its own numbers; the place before says whether it was broken out of.</summary>
    private protected const int First = 1;

    public Activity? Body { get; private set; }

    internal override IEnumerable<Activity> Children => Body is null ? [] : [Body];

    /// <summary>What the body sees of its round.</summary>
    private protected virtual IEnumerable<Variable> RoundVariables => [];

    internal override void Read(ActivityReader reader)
    {
        Variables = [.. Variables, .. RoundVariables];
        Body = reader.ReadChild("body");
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) =>
        self.Data![Broken] == 1 ? DoneOutcome : Next(burst, self);

    internal override bool Break(Execution self)
    {
        self.Data![Broken] = 1;
        return true;
    }

    /// <summary>Schedules the body for the next round. Answers the outcomes when there is none, null to go on.</summary>
    private protected abstract IReadOnlyList<string>? Next(Burst burst, Execution self);

    /// <summary>A variable that each round has for itself.</summary>
    private protected Variable RoundVariable(string name, string type) => new($"@{name}", name, ValueKind.Of(type), null, this) { IsPerChild = true };
}
