using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Server.Tests.Workflows.Shipped;

/// <summary>How Studio draws a definition's flowchart: outcomes spread over a box's right side, In in the middle of its left, connections level
/// and upright through their vertices.</summary>
internal static class DrawnDefinition
{
    /// <summary>The last bend of a connection without vertices is this far before its target.</summary>
    private const double Bend = 40;

    public static Drawing Read(JsonNode definition, ActivityRegistry activities)
    {
        var root = definition["root"]!;
        var types = root["activities"]!.AsArray().ToDictionary(box => (string)box!["id"]!, box => activities.Find((string)box!["type"]!)!);
        var boxes = root["activities"]!.AsArray().Select(box => Box(box!)).ToDictionary(box => box.Id);
        return new([.. boxes.Values], [.. root["connections"]!.AsArray().Select(connection => Line(connection!, boxes, types))]);
    }

    private static DrawnBox Box(JsonNode box)
    {
        var designer = box["metadata"]!["designer"]!;
        return new((string)box["id"]!, Number(designer["position"]!, "x"), Number(designer["position"]!, "y"), Number(designer["size"]!, "width"), Number(designer["size"]!, "height"));
    }

    private static DrawnLine Line(JsonNode connection, Dictionary<string, DrawnBox> boxes, Dictionary<string, ActivityDescriptor> types)
    {
        var (from, port, to) = ((string)connection["source"]!["activity"]!, (string)connection["source"]!["port"]!, (string)connection["target"]!["activity"]!);
        var (source, target) = (boxes[from], boxes[to]);
        var outcomes = types[from].Outcomes.ToList();
        var (start, end) = (new Dot(source.X + source.Width, source.Y + source.Height * (outcomes.IndexOf(port) + 0.5) / outcomes.Count), new Dot(target.X, target.Y + target.Height / 2));
        var vertices = connection["vertices"]!.AsArray().Select(vertex => new Dot(Number(vertex!, "x"), Number(vertex!, "y"))).ToList();
        if (vertices.Count == 0) vertices = [new(end.X - Bend, start.Y), new(end.X - Bend, end.Y)];
        return new(from, port, to, [start, .. vertices, end]);
    }

    private static double Number(JsonNode json, string name) => json[name]!.GetValue<double>();
}
