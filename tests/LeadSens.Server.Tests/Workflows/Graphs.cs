using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Small Elsa definitions.</summary>
internal static class Graphs
{
    /// <summary>Boxes that run one after the other.</summary>
    public static string Line(string definitionId, params JsonObject[] boxes) => new JsonObject
    {
        ["id"] = "any", ["definitionId"] = definitionId, ["name"] = definitionId, ["version"] = 1, ["isLatest"] = true, ["isPublished"] = true,
        ["root"] = new JsonObject
        {
            ["type"] = "Elsa.Flowchart", ["version"] = 1, ["id"] = "Flowchart1", ["nodeId"] = "Workflow1:Flowchart1",
            ["activities"] = new JsonArray([.. boxes]),
            ["connections"] = new JsonArray([.. boxes.Zip(boxes.Skip(1), Connection)])
        }
    }.ToJsonString();

    public static JsonObject WriteLine(string id, string text) => Box(id, "Elsa.WriteLine", "text", text);

    public static JsonObject Event(string id, string name) => Box(id, "Elsa.Event", "eventName", name);

    /// <summary>A box that starts the workflow, in front of others.</summary>
    public static JsonObject Trigger(string id, string type, string input, string value, string syntax = "Literal")
    {
        var box = Box(id, type, input, value);
        box[input]!["expression"]!["type"] = syntax;
        box["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
        return box;
    }

    public static JsonObject Box(string id, string type, string input, string value) => new()
    {
        ["id"] = id, ["nodeId"] = $"Workflow1:Flowchart1:{id}", ["name"] = id, ["type"] = type, ["version"] = 1,
        [input] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } }
    };

    private static JsonNode Connection(JsonObject source, JsonObject target) => new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = (string?)source["id"], ["port"] = "Done" },
        ["target"] = new JsonObject { ["activity"] = (string?)target["id"], ["port"] = "In" }
    };
}
