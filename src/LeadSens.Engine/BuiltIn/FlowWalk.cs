namespace LeadSens.Engine.BuiltIn;

/// <summary>Takes one step in a flowchart: a box ended, which boxes follow? Marks of connections say what this round of the run has seen.</summary>
/// <remarks>A connection that leaves a loop unfollowed is only then dead when nothing inside the loop is active any more: the next round may
/// follow it. A followed backward connection begins a new round: what the loop's connections have seen is forgotten.</remarks>
internal readonly struct FlowWalk(Burst burst, Flowchart flowchart, FlowGraph graph, Execution self)
{
    private const int Unvisited = 0;
    private const int Followed = 1;
    private const int Dead = 2;
    private const int Deferred = 3;

    private int[] Marks => self.Data!;

    public void Completed(int box, IReadOnlyList<string> outcomes)
    {
        Leave(box, outcomes);
        if (graph.Loops.Count > 0) ReleaseDeferred();
    }

    /// <summary>Cancels a box that came to wait after a join that takes the first arrival had gone on without it.</summary>
    public bool CancelLate(Execution child)
    {
        var box = flowchart.IndexOf(child.Activity);
        for (var join = 0; join < graph.Boxes; join++)
        {
            if (Marks[1 + graph.Edges.Length + join] == 0 || !graph.Ancestors(join).Contains(box)) continue;
            burst.Cancel(child);
            Completed(box, []);
            return true;
        }

        return false;
    }

    /// <summary>Visits every connection of a box that ended (or was skipped, with no outcomes), and of those skipped because of it.</summary>
    private void Leave(int box, IReadOnlyList<string> outcomes)
    {
        var skipped = new Queue<int>();
        Visit(box, outcomes, skipped);
        while (skipped.TryDequeue(out var next)) Visit(next, [], skipped);
    }

    private void Visit(int box, IReadOnlyList<string> outcomes, Queue<int> skipped)
    {
        foreach (var edge in graph.Out[box])
        {
            var followed = Contains(outcomes, edge.Port);
            if (edge.IsBackward)
            {
                if (followed) GoRound(edge);
            }
            else if (!followed && LeavesActiveLoop(edge)) Mark(edge, Deferred);
            else Arrive(edge, followed ? Followed : Dead, skipped);
        }
    }

    private void GoRound(FlowEdge back)
    {
        var loop = LoopOf(back.Target);
        if (!loop.IsEnteredByHeader) throw new ExpressionException($"The connection back to {flowchart.Boxes[back.Target].Title} closes a loop that can be entered elsewhere.");
        foreach (var edge in graph.Edges)
        {
            if (loop.Body.Contains(edge.Source) && (loop.Body.Contains(edge.Target) || Marks[1 + edge.Index] != Followed)) Marks[1 + edge.Index] = Unvisited;
        }

        foreach (var box in loop.Body) Marks[1 + graph.Edges.Length + box] = 0;
        burst.Schedule(flowchart.Boxes[back.Target], self);
    }

    private void Mark(FlowEdge edge, int mark)
    {
        if (Marks[1 + edge.Index] != Followed) Marks[1 + edge.Index] = mark;
    }

    private void Arrive(FlowEdge edge, int mark, Queue<int> skipped)
    {
        Mark(edge, mark);
        var target = edge.Target;
        var mode = flowchart.Boxes[target] is FlowJoin join ? join.JoinMode : JoinMode.WaitAllActive;
        ref var fired = ref Marks[1 + graph.Edges.Length + target];
        if (mode == JoinMode.WaitAny)
        {
            if (fired == 1) return;
            if (mark == Followed)
            {
                fired = 1;
                burst.Schedule(flowchart.Boxes[target], self);
                CancelOthers(target, edge.Source, skipped);
                return;
            }
        }

        var (visited, followed) = Count(target);
        var all = graph.ForwardIn[target].Length;
        if (visited < all) return;
        if (mode == JoinMode.WaitAll ? followed == all : followed > 0) burst.Schedule(flowchart.Boxes[target], self);
        else skipped.Enqueue(target);
    }

    private (int Visited, int Followed) Count(int box)
    {
        var (visited, followed) = (0, 0);
        foreach (var edge in graph.ForwardIn[box])
        {
            var mark = Marks[1 + edge.Index];
            if (mark is Followed or Dead) visited++;
            if (mark == Followed) followed++;
        }

        return (visited, followed);
    }

    /// <summary>A join that took the first arrival cancels what still runs on the way to it; their other connections are dead.</summary>
    private void CancelOthers(int join, int arrived, Queue<int> skipped)
    {
        var ancestors = graph.Ancestors(join);
        foreach (var child in burst.ChildrenOf(self))
        {
            var box = flowchart.IndexOf(child.Activity);
            if (child.Status == ExecutionStatus.Scheduled || box == arrived || !ancestors.Contains(box)) continue;
            burst.Cancel(child);
            skipped.Enqueue(box);
        }
    }

    private bool LeavesActiveLoop(FlowEdge edge)
    {
        foreach (var loop in graph.Loops)
        {
            if (loop.Leaves(edge)) return true;
        }

        return false;
    }

    /// <summary>Lets go of the connections out of loops that have come to their end, inner loops first.</summary>
    private void ReleaseDeferred()
    {
        while (NextReleased() is { } edge)
        {
            Marks[1 + edge.Index] = Unvisited;
            var skipped = new Queue<int>();
            Arrive(edge, Dead, skipped);
            while (skipped.TryDequeue(out var next)) Visit(next, [], skipped);
        }
    }

    private FlowEdge? NextReleased()
    {
        FlowEdge? best = null;
        var size = int.MaxValue;
        foreach (var edge in graph.Edges)
        {
            if (Marks[1 + edge.Index] != Deferred) continue;
            var outermost = OutermostLeft(edge);
            if (outermost.Body.Count < size && !IsActive(outermost)) (best, size) = (edge, outermost.Body.Count);
        }

        return best;
    }

    /// <summary>Loops are sorted by size, and one that is left with another left inside it holds that one.</summary>
    private FlowLoop OutermostLeft(FlowEdge edge)
    {
        for (var i = graph.Loops.Count - 1; i >= 0; i--)
        {
            if (graph.Loops[i].Leaves(edge)) return graph.Loops[i];
        }

        throw new InvalidOperationException("Only connections that leave a loop are deferred.");
    }

    private bool IsActive(FlowLoop loop)
    {
        foreach (var execution in burst.State.Active)
        {
            if (execution.Parent == self && loop.Body.Contains(flowchart.IndexOf(execution.Activity))) return true;
        }

        return false;
    }

    private FlowLoop LoopOf(int header)
    {
        foreach (var loop in graph.Loops)
        {
            if (loop.Header == header) return loop;
        }

        throw new InvalidOperationException("A backward connection has a loop.");
    }

    public static bool Contains(IReadOnlyList<string> outcomes, string port)
    {
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i] == port) return true;
        }

        return false;
    }
}
