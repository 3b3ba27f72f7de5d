using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Reads a flowchart's connections, in Elsa 3's form or the old one with plain ids.</summary>
internal static class ConnectionReader
{
    public static IReadOnlyList<FlowConnection> Read(ActivityReader reader, IReadOnlyList<Activity> boxes)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < boxes.Count; i++) places.TryAdd(boxes[i].Id, i);
        var connections = new List<FlowConnection>();
        var position = -1;
        foreach (var item in reader.ReadList("connections"))
        {
            position++;
            var (source, port) = End(item, "source");
            var (target, _) = End(item, "target");
            var path = $"connections[{position}]";
            if (!places.TryGetValue(source, out var from)) reader.Error(path, $"A connection to '{target}' comes from the box '{source}', which does not exist.");
            else if (!places.TryGetValue(target, out var to)) reader.Reading.Errors.Add(new DefinitionError(source, path, $"A connection of {boxes[from].Title} leads to the box '{target}', which does not exist."));
            else if (boxes[from].Outcomes is { } outcomes && port != "Done" && !outcomes.Contains(port))
                reader.Reading.Errors.Add(new DefinitionError(source, path, $"A connection leaves {boxes[from].Title} by the port '{port}', which it does not have ({string.Join(", ", outcomes)})."));
            else if (!connections.Exists(other => other.Source == from && other.Port == port && other.Target == to)) connections.Add(new FlowConnection(from, port, to, position));
        }

        return connections;
    }

    private static (string Activity, string Port) End(JsonElement connection, string name)
    {
        if (connection.Text(name) is { } id) return (id, Port(connection.Text($"{name}Port")));
        var end = connection.Object(name) ?? default;
        return (end.Text("activity") ?? "", Port(end.Text("port")));
    }

    private static string Port(string? given) => given is { Length: > 0 } ? given : "Done";
}
