using System.Collections.Concurrent;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Boxes and connections. A box runs when all its forward connections were visited and at least one was followed; when none was, it
/// is skipped and so is what only it leads to (dead-path elimination). Ends when nothing inside is active, or with a terminal box.</summary>
[Activity("Elsa", Category = "Flow", Description = "Boxes joined by connections.", IsContainer = true, IsBrowsable = false)]
public sealed class Flowchart : Container
{
    private readonly ConcurrentDictionary<int, FlowGraph> _graphs = new();
    private IReadOnlyList<Activity> _children = [];

    internal override IEnumerable<Activity> Children => _children;

    internal IReadOnlyList<Activity> Boxes => _children;

    internal IReadOnlyList<FlowConnection> Connections { get; private set; } = [];

    internal bool UsesTokens { get; private set; }

    /// <summary>The box that the definition names as start; null when it names none.</summary>
    internal string? StartId { get; private set; }

    /// <summary>Where a run without a trigger begins; -1 when the flowchart is empty.</summary>
    internal int DefaultStart => FlowStart.Find(this, null);

    /// <summary>The graph as it is walked from a start.</summary>
    internal FlowGraph GraphFrom(int start) => _graphs.GetOrAdd(start, static (from, self) => FlowGraph.Build(self._children.Count, self.Connections, from), this);

    internal override void Read(ActivityReader reader)
    {
        _children = reader.ReadChildren("activities");
        UsesTokens = reader.Reading.UsesTokens;
        StartId = reader.Json.Text("start");
        Connections = ConnectionReader.Read(reader, _children);
    }

    internal override bool BeginsAt(Activity child) => true;

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        var start = FlowStart.Find(this, burst.State.TriggerActivityId is { } trigger ? burst.Definition.Find(trigger) : null);
        if (start < 0) return DoneOutcome;
        self.Data = UsesTokens ? TokenWalk.NewMarks(GraphFrom(start)) : GraphFrom(start).NewMarks();
        burst.Schedule(_children[start], self);
        return null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes)
    {
        if (child.Descriptor.IsTerminal)
        {
            burst.CancelChildren(self);
            return DoneOutcome;
        }

        var graph = GraphFrom(self.Data![0]);
        if (UsesTokens) return new TokenWalk(burst, this, graph, self).Completed(IndexOf(child), outcomes) ? DoneOutcome : null;
        new FlowWalk(burst, this, graph, self).Completed(IndexOf(child), outcomes);
        return self.Children == 0 ? DoneOutcome : null;
    }

    internal override IReadOnlyList<string>? ChildSuspended(Burst burst, Execution self, Execution child)
    {
        var graph = GraphFrom(self.Data![0]);
        if (UsesTokens) return new TokenWalk(burst, this, graph, self).Suspended(child) ? DoneOutcome : null;
        if (!new FlowWalk(burst, this, graph, self).CancelLate(child)) return null;
        return self.Children == 0 ? DoneOutcome : null;
    }

    internal int IndexOf(Activity child)
    {
        for (var i = 0; i < _children.Count; i++)
        {
            if (ReferenceEquals(_children[i], child)) return i;
        }

        return -1;
    }
}

/// <summary>A connection between two boxes of a flowchart, by their places in it.</summary>
internal sealed record FlowConnection(int Source, string Port, int Target, int Position);
