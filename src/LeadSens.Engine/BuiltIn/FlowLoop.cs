namespace LeadSens.Engine.BuiltIn;

/// <summary>A loop: the box that its backward connections lead to, and every box that lies on a way round.</summary>
internal sealed record FlowLoop(int Header, HashSet<int> Body)
{
    /// <summary>False when the loop can be entered other than through its header: then nobody can tell when a round begins.</summary>
    public required bool IsEnteredByHeader { get; init; }

    public bool Leaves(FlowEdge edge) => Body.Contains(edge.Source) && !Body.Contains(edge.Target);

    public static IReadOnlyList<FlowLoop> Find(FlowGraph graph) =>
    [
        .. graph.Edges.Where(edge => edge.IsBackward).GroupBy(edge => edge.Target)
            .Select(group => Of(graph, group.Key, [.. group.Select(edge => edge.Source)]))
            .OrderBy(loop => loop.Body.Count),
    ];

    private static FlowLoop Of(FlowGraph graph, int header, IReadOnlyList<int> tails)
    {
        var body = new HashSet<int> { header };
        var stack = new Stack<int>();
        foreach (var tail in tails)
        {
            if (body.Add(tail)) stack.Push(tail);
        }

        while (stack.TryPop(out var box))
        {
            foreach (var edge in graph.Edges)
            {
                if (edge.Target == box && body.Add(edge.Source)) stack.Push(edge.Source);
            }
        }

        var entered = graph.Edges.Any(edge => edge.Target != header && body.Contains(edge.Target) && !body.Contains(edge.Source));
        return new FlowLoop(header, body) { IsEnteredByHeader = !entered && (graph.Start == header || !body.Contains(graph.Start)) };
    }
}
