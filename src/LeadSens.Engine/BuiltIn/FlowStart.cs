namespace LeadSens.Engine.BuiltIn;

/// <summary>Where a flowchart starts: the box that triggered the run or
/// holds it, the named start, a Start box, a box that can start the workflow, a box
/// that nothing leads to, the first box.</summary>
internal static class FlowStart
{
    public static int Find(Flowchart flowchart, Activity? trigger)
    {
        var boxes = flowchart.Boxes;
        return First(box => Leads(box, trigger))
            ?? First(box => flowchart.StartId is not null && box.Id == flowchart.StartId)
            ?? First(box => box.Descriptor.IsStart)
            ?? First(box => box.CanStart)
            ?? First(box => !flowchart.Connections.Any(connection => ReferenceEquals(boxes[connection.Target], box)))
            ?? (boxes.Count > 0 ? 0 : -1);

        static bool Leads(Activity box, Activity? to)
        {
            while (to is not null && to != box) to = to.Parent;
            return to is not null;
        }

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
