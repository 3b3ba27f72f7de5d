using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Brings a definition into the form in which it is kept: everything that came, without what the Server adds for the editor, with what the editor
/// cannot do without.</summary>
internal static class DefinitionForm
{
    private const int LongestName = 500, LongestId = 200;

    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];

    /// <summary>What is wrong with the frame of a definition; its boxes are the engine's to judge.</summary>
    public static string? Check(JsonObject definition, JsonLimits limits)
    {
        foreach (var name in new[] { "id", "definitionId", "name", "description" })
        {
            if (definition[name] is not null && definition.Text(name) is null) return $"The {name} of a workflow is a text.";
        }
        if (definition.Text("name") is { Length: > LongestName }) return $"The name has at most {LongestName} characters.";
        if (definition.Text("definitionId") is { Length: > 0 } id && (id.Length > LongestId || !id.All(IsPlain)))
            return $"The definitionId has at most {LongestId} characters: letters, digits, '-', '_', '.' and ':'.";
        if (definition.Text("name") is { } text && TextRule.ProblemOf(text) is { } refused) return $"The name of a workflow is one line: {refused}";
        if (definition["root"] is not (null or JsonObject)) return "The root of a workflow is an activity.";
        var boxes = 0;
        if (ProblemOf(definition["root"], limits.MaxActivities, ref boxes) is { } problem) return problem;
        return definition["options"] is null or JsonObject ? null : "The options of a workflow are an object.";
    }

    /// <summary>Their ids become parts of longer ones, of each box inside.</summary>
    private static string? ProblemOf(JsonNode? node, int most, ref int boxes)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                if (ProblemOf(item, most, ref boxes) is { } problem) return problem;
            }
        }
        else if (node is JsonObject json)
        {
            if (json.ContainsKey("type") && (json.ContainsKey("id") || json.ContainsKey("version")) && ++boxes > most) return $"The workflow has more than {most} activities (Workflows__Json__MaxActivities).";
            if (json.Text("id") is { Length: > LongestId }) return $"The id of an activity has at most {LongestId} characters.";
            foreach (var (_, value) in json)
            {
                if (ProblemOf(value, most, ref boxes) is { } problem) return problem;
            }
        }

        return null;
    }

    /// <summary>Changes the definition itself; doing it again changes nothing.</summary>
    public static JsonObject Normalise(JsonObject definition)
    {
        definition.Remove("links");
        definition.Remove("isMaterializerAvailable");
        EditorMark.Remove(definition);
        if (definition.Text("name") is { } name) definition["name"] = name.Trim();
        foreach (var list in Lists)
        {
            if (definition[list] is not JsonArray) definition[list] = new JsonArray();
        }
        if (definition["customProperties"] is not JsonObject) definition["customProperties"] = new JsonObject();
        definition["options"] ??= NoOptions();
        definition["toolVersion"] ??= Features.ElsaVersion;
        definition["root"] ??= new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1" };
        UnknownBoxes.Restore(definition);
        NormaliseBoxes(definition["root"]!.AsObject());
        return definition;
    }

    private static void NormaliseBoxes(JsonObject root)
    {
        foreach (var node in ActivityNode.Read(root).All)
        {
            var box = node.Activity;
            box["nodeId"] = node.NodeId;
            box["version"] ??= 1;
            if (box["customProperties"] is not JsonObject) box["customProperties"] = new JsonObject();
            if (box["metadata"] is not JsonObject) box["metadata"] = new JsonObject();
            if (node.Type != "Elsa.Flowchart") continue;
            if (box["activities"] is not JsonArray) box["activities"] = new JsonArray();
            if (box["connections"] is not JsonArray) box["connections"] = new JsonArray();
            foreach (var connection in box["connections"]!.AsArray().OfType<JsonObject>()) Renew(connection);
        }
    }

    /// <summary>Connections of older Elsa versions name box and port side by side.</summary>
    private static void Renew(JsonObject connection)
    {
        foreach (var (end, port, otherwise) in new[] { ("source", "sourcePort", "Done"), ("target", "targetPort", "In") })
        {
            if (connection.Text(end) is not { } box) continue;
            connection[end] = new JsonObject { ["activity"] = box, ["port"] = connection.Text(port) ?? otherwise };
            connection.Remove(port);
        }
    }

    private static JsonObject NoOptions() => new()
    {
        ["activationStrategyType"] = null,
        ["usableAsActivity"] = null,
        ["autoUpdateConsumingWorkflows"] = false,
        ["activityCategory"] = null,
        ["incidentStrategyType"] = null,
        ["commitStrategyName"] = null,
    };

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':';
}
