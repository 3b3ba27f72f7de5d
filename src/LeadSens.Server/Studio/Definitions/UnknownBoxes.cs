using System.Text.Json.Nodes;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Boxes whose type nobody registered. Studio cannot draw them, so it gets Elsa's place holder, which carries the box as it is; what
/// comes back is the box again, where the user put it.</summary>
internal static class UnknownBoxes
{
    private const string PlaceHolder = "Elsa.NotFoundActivity", Original = "originalActivityJson";

    /// <summary>What a user may change on a place holder.</summary>
    private static readonly string[] Kept = ["id", "name", "metadata", "customProperties"];

    /// <summary>Puts place holders for the types that are not known.</summary>
    public static void Hide(JsonObject definition, Func<string, bool> isKnown)
    {
        var unknown = ActivityNode.Read(definition["root"]!.AsObject()).All.Where(node => !isKnown(node.Type)).ToList();
        // What stands inside an unknown box is hidden with it.
        foreach (var node in unknown.Where(node => !Ancestors(node).Any(unknown.Contains)))
        {
            var box = node.Activity;
            var holder = new JsonObject { ["type"] = PlaceHolder, ["version"] = 1, ["nodeId"] = node.NodeId };
            foreach (var name in Kept) holder[name] = box[name]?.DeepClone();
            holder["missingTypeName"] = node.Type;
            holder["missingTypeVersion"] = box["version"]?.DeepClone();
            holder[Original] = box.ToJsonString();
            Replace(box, holder, definition);
        }
    }

    public static void Restore(JsonObject definition)
    {
        foreach (var holder in ActivityNode.Read(definition["root"]!.AsObject()).All.Where(node => node.Type == PlaceHolder).Select(node => node.Activity).ToList())
        {
            if (holder.Text(Original) is not { } text || DefinitionText.Parse(text) is not { } box) continue;
            foreach (var name in Kept)
            {
                if (holder[name] is { } value) box[name] = value.DeepClone();
            }
            Replace(holder, box, definition);
        }
    }

    private static void Replace(JsonObject old, JsonObject by, JsonObject definition)
    {
        if (ReferenceEquals(old, definition["root"])) definition["root"] = by;
        else old.ReplaceWith(by);
    }

    private static IEnumerable<ActivityNode> Ancestors(ActivityNode node)
    {
        for (var above = node.Parent; above is not null; above = above.Parent) yield return above;
    }
}
