using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Workflows;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>A workflow that waits in two branches, for a time and for a decision by one of three ways, joins them, and starts another one as its effect.</summary>
internal static class WaitingGraph
{
    public const string Name = "waiting";
    public const string Effect = "effect";

    /// <summary>By which a run may be decided; the last needs no decision.</summary>
    public static readonly string[] Ways = ["Task", "Event", "Link", "None"];

    public static JsonObject Definition => new()
    {
        ["definitionId"] = Name, ["name"] = Name,
        ["inputs"] = new JsonArray(Input("Way", "String"), Input("Milliseconds", "Int32")),
        ["root"] = new JsonObject
        {
            ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["start"] = "begin",
            ["activities"] = new JsonArray(
                Graphs.WriteLine("begin", "x"),
                Box("delay", "Elsa.Delay", "timeSpan", "JavaScript", "'00:00:0' + (getInput('Milliseconds') / 1000).toFixed(3)"),
                new JsonObject { ["id"] = "way", ["name"] = "way", ["type"] = "Elsa.FlowSwitch", ["cases"] = new JsonArray([.. Ways.SkipLast(1).Select(Case)]) },
                Box("task", "Elsa.RunTask", "taskName", "Literal", "decide"),
                Box("event", "Elsa.Event", "eventName", "Literal", "decided"),
                Box("link", "Elsa.Event", "eventName", "Literal", "signed"),
                Box("join", "Elsa.FlowJoin", "mode", "Literal", "WaitAllActive"),
                Box("confirm", "Elsa.RunTask", "taskName", "Literal", "confirm"),
                Box("effect", "Elsa.DispatchWorkflow", "workflowDefinitionId", "Literal", Effect),
                Graphs.WriteLine("end", "done")),
            ["connections"] = new JsonArray(
                Connection("begin", "delay"), Connection("begin", "way"), Connection("way", "task", "Task"), Connection("way", "event", "Event"), Connection("way", "link", "Link"),
                Connection("way", "join", "Default"), Connection("delay", "join"), Connection("task", "join"), Connection("event", "join"), Connection("link", "join"),
                Connection("join", "confirm"), Connection("confirm", "effect"), Connection("effect", "end")),
        },
    };

    public static JsonNode EffectDefinition => JsonNode.Parse(Graphs.Line(Effect, Graphs.WriteLine("done", "x")))!;

    private static JsonObject Input(string name, string type) => new() { ["name"] = name, ["type"] = type };

    private static JsonObject Case(string way) =>
        new() { ["label"] = way, ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = $"getInput('Way') === '{way}'" } };

    private static JsonObject Box(string id, string type, string input, string syntax, string value)
    {
        var box = Graphs.Box(id, type, input, value);
        box[input]!["expression"]!["type"] = syntax;
        return box;
    }

    private static JsonObject Connection(string from, string to, string port = "Done") => new()
    {
        ["source"] = new JsonObject { ["activity"] = from, ["port"] = port }, ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
    };
}
