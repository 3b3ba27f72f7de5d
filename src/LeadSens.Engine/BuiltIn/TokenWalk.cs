namespace LeadSens.Engine.BuiltIn;

/// <summary>Takes one step in a flowchart in token mode: a box ended, which boxes follow? Each followed connection carries a token until its
/// target has ended; a block on a connection swallows the next token that would come over it.</summary>
/// <remarks>The marks of a run are the start, then the tokens of each connection, then its blocks.</remarks>
internal readonly struct TokenWalk(Burst burst, Flowchart flowchart, FlowGraph graph, Execution self)
{
    private Span<int> Tokens => self.Data.AsSpan(1, graph.Edges.Length);

    private Span<int> Blocks => self.Data.AsSpan(1 + graph.Edges.Length, graph.Edges.Length);

    public static int[] NewMarks(FlowGraph graph)
    {
        var marks = new int[1 + 2 * graph.Edges.Length];
        marks[0] = graph.Start;
        return marks;
    }

    /// <summary>True when that was the end of the flowchart.</summary>
    public bool Completed(int box, IReadOnlyList<string> outcomes)
    {
        foreach (var edge in graph.Out[box])
        {
            if (FlowWalk.Contains(outcomes, edge.Port)) Tokens[edge.Index]++;
        }

        foreach (var edge in graph.Edges)
        {
            if (edge.Target == box) Tokens[edge.Index] = 0;
        }

        foreach (var edge in graph.Out[box])
        {
            if (FlowWalk.Contains(outcomes, edge.Port)) Arrive(edge);
        }

        return Ended();
    }

    /// <summary>Cancels a box that came to wait after the race it ran in was won. True when that was the end of the flowchart.</summary>
    public bool Suspended(Execution child)
    {
        var box = flowchart.IndexOf(child.Activity);
        foreach (var edge in graph.Edges)
        {
            if (Blocks[edge.Index] == 0 || ModeOf(edge.Target) != MergeMode.Race || edge.Source != box && !graph.Ancestors(edge.Source).Contains(box)) continue;
            Cancel(child, box);
            if (!StillComes(edge.Source)) Blocks[edge.Index] = 0;
            return Ended();
        }

        return false;
    }

    private bool Ended()
    {
        ReleaseStreams();
        return self.Children == 0 && !Tokens.ContainsAnyExcept(0);
    }

    private void Arrive(FlowEdge edge)
    {
        var target = edge.Target;
        switch (ModeOf(target))
        {
            case MergeMode.Race:
                CancelOthers(target);
                TakeFirst(edge, onlyWhatStillComes: true);
                break;
            case MergeMode.Cascade:
                TakeFirst(edge, onlyWhatStillComes: false);
                break;
            case MergeMode.Merge:
                if (HaveTokens(graph.ForwardIn[target])) Schedule(target);
                break;
            case MergeMode.Converge:
                if (HaveTokens([.. graph.Edges.Where(other => other.Target == target)])) Schedule(target);
                break;
            default:
                if (!IsAwaited(target)) Schedule(target);
                break;
        }
    }

    /// <summary>A join says by its own mode how it merges; every other box by its merge mode.</summary>
    private MergeMode ModeOf(int box) => flowchart.Boxes[box] is FlowJoin join ? join.JoinMode == JoinMode.WaitAny ? MergeMode.Race : MergeMode.Merge : flowchart.Boxes[box].MergeMode;

    /// <summary>A race cancels what it can, so that only what was scheduled already may still arrive: a block for anything else would
    /// swallow the first arrival of the next round.</summary>
    private void TakeFirst(FlowEdge edge, bool onlyWhatStillComes)
    {
        if (Blocks[edge.Index] > 0)
        {
            Blocks[edge.Index]--;
            Tokens[edge.Index]--;
            return;
        }

        foreach (var other in graph.ForwardIn[edge.Target])
        {
            if (other.Source != edge.Source && !(onlyWhatStillComes && !StillComes(other.Source))) Blocks[other.Index]++;
        }

        Schedule(edge.Target);
    }

    private bool StillComes(int box)
    {
        var ancestors = graph.Ancestors(box);
        foreach (var child in burst.ChildrenOf(self))
        {
            var active = flowchart.IndexOf(child.Activity);
            if (active == box || ancestors.Contains(active)) return true;
        }

        return false;
    }

    private bool HaveTokens(FlowEdge[] edges)
    {
        if (edges.Length <= 1) return true;
        foreach (var edge in edges)
        {
            if (Tokens[edge.Index] == 0) return false;
        }

        return true;
    }

    /// <summary>Something is on its way to a box before this one.</summary>
    private bool IsAwaited(int box)
    {
        foreach (var inbound in graph.ForwardIn[box])
        {
            foreach (var edge in graph.Edges)
            {
                if (edge.Target == inbound.Source && Tokens[edge.Index] > 0) return true;
            }
        }

        return false;
    }

    /// <summary>Runs boxes that waited for one before them that has gone another way. (Elsa would leave them waiting for ever.)</summary>
    private void ReleaseStreams()
    {
        foreach (var edge in graph.Edges)
        {
            if (Tokens[edge.Index] > 0 && ModeOf(edge.Target) <= MergeMode.Stream && !IsActive(edge.Target) && !IsAwaited(edge.Target)) Schedule(edge.Target);
        }
    }

    /// <summary>Cancels what has begun on the way to the winner; its tokens go with it. What is only scheduled runs, as in Elsa.</summary>
    private void CancelOthers(int winner)
    {
        var ancestors = graph.Ancestors(winner);
        foreach (var child in burst.ChildrenOf(self))
        {
            var box = flowchart.IndexOf(child.Activity);
            if (child.Status == ExecutionStatus.Scheduled || !ancestors.Contains(box)) continue;
            Cancel(child, box);
        }
    }

    private void Cancel(Execution child, int box)
    {
        burst.Cancel(child);
        foreach (var edge in graph.Edges)
        {
            if (edge.Source == box || edge.Target == box) (Tokens[edge.Index], Blocks[edge.Index]) = (0, 0);
        }
    }

    private bool IsActive(int box)
    {
        foreach (var execution in burst.State.Active)
        {
            if (execution.Parent == self && ReferenceEquals(execution.Activity, flowchart.Boxes[box])) return true;
        }

        return false;
    }

    private void Schedule(int box) => burst.Schedule(flowchart.Boxes[box], self);
}
