using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine;

/// <summary>Checks of whole flowcharts: loops that nothing leaves, loops that can be entered in the middle.</summary>
internal static class FlowchartChecks
{
    public static void Check(Reading reading)
    {
        foreach (var flowchart in reading.Activities.OfType<Flowchart>())
        {
            if (flowchart.StartId is { } named && !flowchart.Boxes.Any(box => box.Id == named))
                reading.Errors.Add(new DefinitionError(flowchart.Id, "start", $"The {flowchart.Title} starts with the box '{named}', which does not exist."));
            foreach (var start in Starts(flowchart)) Check(flowchart, flowchart.GraphFrom(start), reading.Errors);
        }
    }

    private static IEnumerable<int> Starts(Flowchart flowchart) =>
        Enumerable.Range(0, flowchart.Boxes.Count).Where(i => flowchart.Boxes[i].CanStart).Append(flowchart.DefaultStart).Where(start => start >= 0).Distinct();

    private static void Check(Flowchart flowchart, FlowGraph graph, List<DefinitionError> errors)
    {
        foreach (var loop in graph.Loops)
        {
            var header = flowchart.Boxes[loop.Header];
            if (!loop.IsEnteredByHeader && !flowchart.UsesTokens) Add(errors, new DefinitionError(header.Id, "connections", $"The loop back to {header.Title} can be entered other than through it."));
        }

        foreach (var knot in Knots(graph))
        {
            if (knot.Any(box => HasWayOut(flowchart.Boxes[box], box, knot, graph))) continue;
            var first = flowchart.Boxes[knot.Min()];
            Add(errors, new DefinitionError(first.Id, "connections", $"The loop through {first.Title} has no way out."));
        }
    }

    private static void Add(List<DefinitionError> errors, DefinitionError error)
    {
        if (!errors.Contains(error)) errors.Add(error);
    }

    /// <summary>A box lets a loop end when it has an outcome that does not lead round again.</summary>
    private static bool HasWayOut(Activity box, int index, HashSet<int> knot, FlowGraph graph) =>
        box.Descriptor.IsTerminal || box.Outcomes is not { } outcomes
        || outcomes.Any(outcome => !graph.Out[index].Any(edge => edge.Port == outcome && knot.Contains(edge.Target)));

    /// <summary>The sets of boxes that all lead to each other: overlapping loops taken together.</summary>
    private static List<HashSet<int>> Knots(FlowGraph graph)
    {
        var knots = new List<HashSet<int>>();
        foreach (var loop in graph.Loops)
        {
            var knot = new HashSet<int>(loop.Body);
            foreach (var touching in knots.FindAll(knot.Overlaps))
            {
                knot.UnionWith(touching);
                knots.Remove(touching);
            }

            knots.Add(knot);
        }

        return knots;
    }
}
