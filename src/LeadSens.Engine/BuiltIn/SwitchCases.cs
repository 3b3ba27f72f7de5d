namespace LeadSens.Engine.BuiltIn;

/// <summary>The labelled conditions of a Switch or a FlowSwitch.</summary>
internal sealed class SwitchCases
{
    private readonly Activity _owner;
    private readonly List<(string Label, Expression Condition)> _cases = [];

    private SwitchCases(Activity owner) => _owner = owner;

    public IEnumerable<string> Labels => _cases.Select(one => one.Label);

    public static SwitchCases Read(ActivityReader reader, Activity owner)
    {
        var cases = new SwitchCases(owner);
        foreach (var item in reader.ReadList("cases"))
        {
            var condition = item.Object("condition") is { } given ? reader.ReadExpression(given, $"cases[{cases._cases.Count}]") : null;
            cases._cases.Add((item.Text("label") ?? "", condition ?? new LiteralExpression(false)));
        }

        return cases;
    }

    /// <summary>The places of the cases that hold: all, or only the first.</summary>
    public List<int> Matching(Scope scope, bool all)
    {
        var matches = new List<int>();
        for (var i = 0; i < _cases.Count && (all || matches.Count == 0); i++)
        {
            if (Holds(_cases[i].Label, _cases[i].Condition.Evaluate(scope))) matches.Add(i);
        }

        return matches;
    }

    public string Label(int index) => _cases[index].Label;

    private bool Holds(string label, object? value) =>
        Value.TryTo<bool>(value, out var holds) ? holds : throw new ExpressionException($"The case '{label}' of {_owner.Title} takes Boolean, not {Scope.Describe(value)}.");
}
