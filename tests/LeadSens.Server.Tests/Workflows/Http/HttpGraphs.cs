using System.Text.Json.Nodes;

namespace LeadSens.Server.Tests.Workflows.Http;

/// <summary>Small definitions whose boxes speak HTTP.</summary>
internal static class HttpGraphs
{
    public static JsonObject Box(string id, string type, params (string Name, JsonNode? Value)[] properties)
    {
        var box = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in properties) box[name] = value;
        return box;
    }

    public static JsonObject Literal(JsonNode? value) => Input("Literal", value);

    public static JsonObject Json(string value) => Input("Object", value);

    public static JsonObject Js(string source) => Input("JavaScript", source);

    public static JsonObject Into(string variable) => new() { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = variable } };

    public static JsonObject WriteLine(string id) => Box(id, "Elsa.WriteLine", ("text", Literal(id)));

    /// <param name="connections">"a->b" or "a.Port name->b", separated by semicolons.</param>
    public static JsonObject Flow(string definitionId, string connections, JsonObject[] boxes, params string[] variables) => new()
    {
        ["id"] = "any", ["definitionId"] = definitionId, ["name"] = definitionId, ["version"] = 1,
        ["variables"] = new JsonArray([.. variables.Select(name => new JsonObject { ["id"] = name, ["name"] = name, ["typeName"] = "Object" })]),
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1,
            ["activities"] = new JsonArray([.. boxes]),
            ["connections"] = new JsonArray([.. connections.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Connection)]),
        },
    };

    private static JsonObject Connection(string text)
    {
        var (from, to) = (text.Split("->")[0].Split('.'), text.Split("->")[1]);
        return new()
        {
            ["source"] = new JsonObject { ["activity"] = from[0], ["port"] = from.Length > 1 ? from[1] : "Done" },
            ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
        };
    }

    private static JsonObject Input(string type, JsonNode? value) => new() { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };
}
