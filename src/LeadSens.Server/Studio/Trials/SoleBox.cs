using System.Text.Json.Nodes;
using LeadSens.Server.Studio.Definitions;

namespace LeadSens.Server.Studio.Trials;

/// <summary>A definition that is cut down to one box, which still sees the variables around it.</summary>
/// <param name="Id">The box.</param>
internal sealed record SoleBox(JsonObject Definition, string Id)
{
    private const string Around = "Trial";

    /// <summary>Null when there is no such box.</summary>
    public static SoleBox? Of(JsonObject definition, string? activityId, string? nodeId)
    {
        if (definition["root"] is not JsonObject root || ActivityNode.Read(root).All.FirstOrDefault(node => node.NodeId == nodeId || node.Id == activityId) is not { } found) return null;
        var cut = definition.DeepClone().AsObject();
        cut["root"] = new JsonObject
        {
            ["id"] = Around, ["type"] = "Elsa.Sequence", ["version"] = 1, ["variables"] = VariablesAround(found), ["activities"] = new JsonArray(found.Activity.DeepClone()),
        };
        if (cut["options"] is JsonObject options) options.Remove("activationStrategyType");
        return new(cut, found.Id);
    }

    /// <summary>Of those with one name the nearest.</summary>
    private static JsonArray VariablesAround(ActivityNode box)
    {
        var (variables, names) = (new JsonArray(), new HashSet<string>(StringComparer.Ordinal));
        for (var around = box.Parent; around is not null; around = around.Parent)
        {
            foreach (var variable in (around.Activity["variables"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (names.Add(variable["name"]?.ToString() ?? "") && names.Add("#" + variable["id"])) variables.Add(variable.DeepClone());
            }
        }

        return variables;
    }
}
