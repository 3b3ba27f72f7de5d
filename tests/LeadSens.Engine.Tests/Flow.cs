using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests;

/// <summary>Draws definitions for tests.</summary>
internal sealed class Flow
{
    private readonly JsonArray _boxes = [];
    private readonly JsonArray _connections = [];
    private readonly JsonArray _variables = [];
    private readonly JsonArray _inputs = [];
    private readonly JsonArray _outputs = [];
    private string? _start;
    private bool _goesOn;

    public Flow Box(string id, string type = "Test.Step", params (string Name, JsonNode? Value)[] properties)
    {
        _boxes.Add(Activity(id, type, properties));
        return this;
    }

    public Flow Box(JsonObject box)
    {
        _boxes.Add(box);
        return this;
    }

    public static JsonObject Activity(string id, string type, params (string Name, JsonNode? Value)[] properties)
    {
        var box = new JsonObject { ["id"] = id, ["type"] = type, ["name"] = id };
        foreach (var (name, value) in properties) box[name] = value;
        return box;
    }

    /// <summary>"a->b" or "a.Port->b", several separated by spaces.</summary>
    public Flow Connect(string connections)
    {
        foreach (var connection in connections.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (from, target) = (connection.Split("->")[0].Split('.'), connection.Split("->")[1]);
            _connections.Add(new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = from[0], ["port"] = from.Length > 1 ? from[1] : "Done" },
                ["target"] = new JsonObject { ["activity"] = target, ["port"] = "In" },
            });
        }

        return this;
    }

    public Flow Variable(string name, string type = "Object", JsonNode? value = null)
    {
        _variables.Add(new JsonObject { ["id"] = $"v-{name}", ["name"] = name, ["typeName"] = type, ["value"] = value });
        return this;
    }

    public Flow Input(string name, string type = "Object")
    {
        _inputs.Add(new JsonObject { ["name"] = name, ["type"] = type });
        return this;
    }

    public Flow Output(string name, string type = "Object")
    {
        _outputs.Add(new JsonObject { ["name"] = name, ["type"] = type });
        return this;
    }

    public Flow StartsWith(string id)
    {
        _start = id;
        return this;
    }

    public Flow GoesOnWithIncidents()
    {
        _goesOn = true;
        return this;
    }

    /// <summary>A wrapped input.</summary>
    public static JsonObject Of(string type, JsonNode? value) =>
        new() { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };

    public static JsonObject Literal(JsonNode? value) => Of("Literal", value);

    public static JsonObject Js(string source) => Of("JavaScript", source);

    public static JsonObject Read(string variable) => Of("Variable", new JsonObject { ["id"] = $"v-{variable}", ["name"] = variable });

    public static JsonObject Capture(string variable) => new() { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = $"v-{variable}" } };

    public static JsonObject Inner(string id, JsonArray activities, JsonArray? connections = null) =>
        new() { ["id"] = id, ["type"] = connections is null ? "Elsa.Sequence" : "Elsa.Flowchart", ["activities"] = activities, ["connections"] = connections };

    public JsonObject ToJson() => new()
    {
        ["id"] = "test-1",
        ["definitionId"] = "test",
        ["version"] = 1,
        ["name"] = "Test",
        ["variables"] = _variables.DeepClone(),
        ["inputs"] = _inputs.DeepClone(),
        ["outputs"] = _outputs.DeepClone(),
        ["options"] = new JsonObject { ["incidentStrategyType"] = _goesOn ? "Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core" : null },
        ["root"] = new JsonObject
        {
            ["id"] = "root", ["type"] = "Elsa.Flowchart", ["start"] = _start, ["activities"] = _boxes.DeepClone(), ["connections"] = _connections.DeepClone(),
        },
    };

    public DefinitionReadResult Read() => DefinitionReader.Read(ToJson().ToJsonString(), Engine.Registry);

    public WorkflowDefinition Build()
    {
        var result = Read();
        result.Errors.ShouldBeEmpty(string.Join("\n", result.Errors.Select(error => error.Message)));
        return result.Definition.ShouldNotBeNull();
    }
}
