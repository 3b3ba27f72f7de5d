using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>What a person does to a graph in Studio's designer.</summary>
internal static class GraphEdits
{
    public static JsonObject Box(this JsonObject graph, string id) => Boxes(graph).Single(box => (string?)box!["id"] == id)!.AsObject();

    public static void Set(this JsonObject graph, string id, string input, string type, JsonNode value) =>
        graph.Box(id)[input] = new JsonObject { ["typeName"] = type, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };

    /// <summary>Drops a box onto the connection that leaves a port: it goes on where that led.</summary>
    public static void Insert(this JsonObject graph, string id, string type, string after, string port, string outcome = "Done")
    {
        Boxes(graph).Add((JsonNode)new JsonObject { ["id"] = id, ["type"] = type, ["version"] = 1, ["name"] = id, ["metadata"] = new JsonObject(), ["customProperties"] = new JsonObject() });
        var line = Connections(graph).Single(line => (string?)line!["source"]!["activity"] == after && (string?)line["source"]!["port"] == port)!;
        var next = (string)line["target"]!["activity"]!;
        line["target"]!["activity"] = id;
        graph.Connect(id, outcome, next);
    }

    public static void Connect(this JsonObject graph, string from, string port, string to) => Connections(graph).Add((JsonNode)new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = from, ["port"] = port },
        ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
    });

    /// <summary>Deletes a box with its connections.</summary>
    public static void Delete(this JsonObject graph, string id)
    {
        Boxes(graph).Remove(graph.Box(id));
        foreach (var line in Connections(graph).Where(line => (string?)line!["source"]!["activity"] == id || (string?)line["target"]!["activity"] == id).ToList())
            Connections(graph).Remove(line);
    }

    private static JsonArray Boxes(JsonObject graph) => graph["root"]!["activities"]!.AsArray();

    private static JsonArray Connections(JsonObject graph) => graph["root"]!["connections"]!.AsArray();
}
