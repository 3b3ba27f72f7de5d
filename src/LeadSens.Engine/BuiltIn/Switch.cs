using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs the activity of the first case that holds (or of all that hold, side by side), else Default; ends with Done.</summary>
[Activity("Elsa", Category = "Branching", Description = "Runs the activity of the case that holds.")]
public sealed class Switch : Container
{
    private readonly List<Activity?> _activities = [];
    private SwitchCases _cases = null!;

    [Input(Description = "Labels with their conditions and activities.", UiHint = "switch-editor")]
    public JsonElement Cases { get; private set; }

    [Input(Description = "Whether the first case that holds is taken, or all that hold.", Order = 1)]
    public Input<SwitchMode> Mode { get; } = new(SwitchMode.MatchFirst);

    public Activity? Default { get; private set; }

    internal override IEnumerable<Activity> Children => _activities.Append(Default).OfType<Activity>();

    internal override void Read(ActivityReader reader)
    {
        Cases = reader.Json.Property("cases") ?? default;
        _cases = SwitchCases.Read(reader, this);
        foreach (var item in reader.Json.Items("cases")) _activities.Add(item.Object("activity") is { } inner ? reader.ReadInner(inner) : null);
        Default = reader.ReadChild("default");
    }

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        burst.Context.Evaluate();
        var matches = _cases.Matching(burst.Context.Scope, burst.Context.Get(Mode) == SwitchMode.MatchAny);
        foreach (var match in matches)
        {
            if (_activities[match] is { } activity) burst.Schedule(activity, self);
        }

        if (matches.Count == 0 && Default is not null) burst.Schedule(Default, self);
        return self.Children == 0 ? DoneOutcome : null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) => self.Children == 0 ? DoneOutcome : null;
}
