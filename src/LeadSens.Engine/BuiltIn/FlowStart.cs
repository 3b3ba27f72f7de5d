namespace LeadSens.Engine.BuiltIn;

/// <summary>Where a flowchart starts: the box that triggered the run, the named start, a Start box, a box that can start the workflow, a box
/// that nothing leads to, the first box.</summary>
internal static class FlowStart
{
    public static int Find(Flowchart flowchart, string? triggerId)
    {
        var boxes = flowchart.Boxes;
        return First(box => triggerId is not null && box.Id == triggerId)
            ?? First(box => flowchart.StartId is not null && box.Id == flowchart.StartId)
            ?? First(box => box.Descriptor.IsStart)
            ?? First(box => box.CanStart)
            ?? First(box => !flowchart.Connections.Any(connection => ReferenceEquals(boxes[connection.Target], box)))
            ?? (boxes.Count > 0 ? 0 : -1);

        int? First(Func<Activity, bool> wanted)
        {
            for (var i = 0; i < boxes.Count; i++)
            {
                if (wanted(boxes[i])) return i;
            }

            return null;
        }
    }
}
