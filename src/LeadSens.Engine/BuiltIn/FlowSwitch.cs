using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Which cases of a switch are taken.</summary>
public enum SwitchMode { MatchFirst, MatchAny }

/// <summary>Ends with the label of the first case that holds (or of all that hold), with Default when none does.</summary>
[Activity("Elsa", Category = "Branching", DisplayName = "Switch (flow)", Description = "Goes the way of the case that holds.", Outcomes = ["Default"])]
public sealed class FlowSwitch : Activity
{
    private SwitchCases _cases = null!;

    [Input(Description = "Labels with their conditions.", UiHint = "flow-switch-editor")]
    public JsonElement Cases { get; private set; }

    [Input(Description = "Whether the first case that holds is taken, or all that hold.", Order = 1)]
    public Input<SwitchMode> Mode { get; } = new(SwitchMode.MatchFirst);

    internal override IReadOnlyList<string> Outcomes => [.. _cases.Labels, "Default"];

    internal override void Read(ActivityReader reader)
    {
        Cases = reader.Json.Property("cases") ?? default;
        _cases = SwitchCases.Read(reader, this);
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var matches = _cases.Matching(((BurstContext)context).Scope, context.Get(Mode) == SwitchMode.MatchAny);
        return ValueTask.FromResult(Complete(matches.Count > 0 ? [.. matches.Select(_cases.Label)] : ["Default"]));
    }
}
