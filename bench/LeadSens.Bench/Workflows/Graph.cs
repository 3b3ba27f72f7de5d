using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Bench.Workflows;

/// <summary>Flowcharts of boxes that run one after the other.</summary>
internal static class Graph
{
    public static ActivityRegistry Register(ActivityRegistry registry) => registry.RegisterAll(typeof(Graph).Assembly);

    public static string Line(string definitionId, params JsonObject[] boxes) => new JsonObject
    {
        ["id"] = definitionId, ["definitionId"] = definitionId, ["name"] = definitionId, ["version"] = 1, ["isLatest"] = true, ["isPublished"] = true,
        ["variables"] = new JsonArray(new JsonObject { ["id"] = "v-count", ["name"] = "count", ["typeName"] = "Int64", ["value"] = "41" }),
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1", ["nodeId"] = "Workflow1:Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1,
            ["activities"] = new JsonArray([.. boxes]),
            ["connections"] = new JsonArray([.. boxes.Zip(boxes.Skip(1), Connection)]),
        },
    }.ToJsonString();

    public static JsonObject Box(string id, string type) =>
        new() { ["id"] = id, ["nodeId"] = $"Workflow1:Flowchart1:{id}", ["name"] = id, ["type"] = type, ["version"] = 1 };

    public static JsonObject Box(string id, string type, string input, string typeName, string syntax, string value)
    {
        var box = Box(id, type);
        box[input] = new JsonObject { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value } };
        return box;
    }

    private static JsonNode Connection(JsonObject source, JsonObject target) => new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = (string?)source["id"], ["port"] = "Done" },
        ["target"] = new JsonObject { ["activity"] = (string?)target["id"], ["port"] = "In" },
    };
}
