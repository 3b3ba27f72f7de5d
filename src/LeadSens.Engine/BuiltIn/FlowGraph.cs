namespace LeadSens.Engine.BuiltIn;

/// <summary>A flowchart as it is walked from one start: which connections lead forward, which close a loop, and what each loop holds. Made
/// breadth first; a connection that would close a cycle is a backward one.</summary>
internal sealed class FlowGraph
{
    private readonly int _boxes;

    private FlowGraph(int boxes, int start, FlowEdge[] edges)
    {
        (_boxes, Start, Edges) = (boxes, start, edges);
        Out = ByBox(boxes, edges, edge => edge.Source);
        ForwardIn = ByBox(boxes, [.. edges.Where(edge => !edge.IsBackward)], edge => edge.Target);
        Loops = FlowLoop.Find(this);
    }

    public int Start { get; }
    public FlowEdge[] Edges { get; }

    /// <summary>The connections that leave a box, forward ones first: a loop goes round after everything else was told.</summary>
    public FlowEdge[][] Out { get; }
    public FlowEdge[][] ForwardIn { get; }

    /// <summary>Inner loops before outer ones.</summary>
    public IReadOnlyList<FlowLoop> Loops { get; }

    public int Boxes => _boxes;

    public static FlowGraph Build(int boxes, IReadOnlyList<FlowConnection> connections, int start)
    {
        var edges = new List<FlowEdge>();
        var forward = new List<int>[boxes];
        for (var i = 0; i < boxes; i++) forward[i] = [];
        var seen = new HashSet<int> { start };
        var queue = new Queue<int>(seen);
        var bySource = connections.ToLookup(connection => connection.Source);
        while (queue.TryDequeue(out var box))
        {
            foreach (var connection in bySource[box])
            {
                var backward = !seen.Contains(connection.Target) ? false : Reaches(forward, connection.Target, box);
                if (seen.Add(connection.Target)) queue.Enqueue(connection.Target);
                if (!backward) forward[box].Add(connection.Target);
                edges.Add(new FlowEdge(edges.Count, connection.Source, connection.Port, connection.Target, connection.Position, backward));
            }
        }

        return new FlowGraph(boxes, start, [.. edges]);
    }

    /// <summary>Fresh marks of one run: the start, one per edge, one per box.</summary>
    public int[] NewMarks()
    {
        var marks = new int[1 + Edges.Length + _boxes];
        marks[0] = Start;
        return marks;
    }

    /// <summary>The boxes that lead to a box by forward connections.</summary>
    public HashSet<int> Ancestors(int box)
    {
        var found = new HashSet<int>();
        var stack = new Stack<int>([box]);
        while (stack.TryPop(out var next))
        {
            foreach (var edge in ForwardIn[next])
            {
                if (found.Add(edge.Source)) stack.Push(edge.Source);
            }
        }

        return found;
    }

    private static bool Reaches(List<int>[] forward, int from, int to)
    {
        var seen = new HashSet<int> { from };
        var stack = new Stack<int>(seen);
        while (stack.TryPop(out var box))
        {
            if (box == to) return true;
            foreach (var next in forward[box])
            {
                if (seen.Add(next)) stack.Push(next);
            }
        }

        return false;
    }

    private static FlowEdge[][] ByBox(int boxes, FlowEdge[] edges, Func<FlowEdge, int> box)
    {
        var lookup = edges.ToLookup(box);
        return [.. Enumerable.Range(0, boxes).Select(i => lookup[i].OrderBy(edge => edge.IsBackward).ToArray())];
    }
}

/// <summary>A connection in a graph. <paramref name="Index"/> is its place among the marks of a run.</summary>
/// <param name="Position">Its place in the definition.</param>
internal sealed record FlowEdge(int Index, int Source, string Port, int Target, int Position, bool IsBackward);
