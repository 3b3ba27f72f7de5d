using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Ends with the label of the first case that holds (or of all that hold), with Default when none does.</summary>
[Activity("Elsa", Category = "Branching", Description = "Goes the way of the case that holds.", Outcomes = ["Default"])]
public sealed class FlowSwitch : Activity
{
    private readonly List<(string Label, Expression Condition)> _cases = [];

    [Input(Description = "Labels with their conditions.", UiHint = "flow-switch-editor")]
    public JsonElement Cases { get; private set; }

    [Input(Description = "Whether the first case that holds is taken, or all that hold.", Options = ["MatchFirst", "MatchAny"])]
    public Input<string> Mode { get; } = new("MatchFirst");

    internal override IReadOnlyList<string> Outcomes => [.. _cases.Select(one => one.Label), "Default"];

    internal override void Read(ActivityReader reader)
    {
        Cases = reader.Json.Property("cases") ?? default;
        foreach (var item in reader.Json.Items("cases"))
        {
            var path = $"cases[{_cases.Count}]";
            var condition = item.Object("condition") is { } given ? reader.ReadExpression(given, path) : new LiteralExpression(false);
            _cases.Add((item.Text("label") ?? "", condition ?? new LiteralExpression(false)));
        }
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var scope = ((BurstContext)context).Scope;
        var first = context.Get(Mode) != "MatchAny";
        var matches = new List<string>();
        foreach (var (label, condition) in _cases)
        {
            if (!Holds(label, condition.Evaluate(scope))) continue;
            matches.Add(label);
            if (first) break;
        }

        return ValueTask.FromResult(Complete(matches.Count > 0 ? [.. matches] : ["Default"]));
    }

    private bool Holds(string label, object? value) =>
        Value.TryTo<bool>(value, out var holds) ? holds : throw new ExpressionException($"The case '{label}' of {Title} takes Boolean, not {Scope.Describe(value)}.");
}
