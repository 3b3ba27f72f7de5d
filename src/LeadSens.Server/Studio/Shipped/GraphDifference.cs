using System.Text.Json.Nodes;
using LeadSens.Server.Studio.Definitions;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Shipped;

/// <summary>What one version of a workflow has and another has not, in sentences for people.</summary>
internal static class GraphDifference
{
    private static readonly string[] Settings = ["name", "description", "variables", "inputs", "outputs", "outcomes", "options", "customProperties"];

    public static IReadOnlyList<string> Between(JsonObject before, JsonObject after)
    {
        var (old, now) = (Boxes(before), Boxes(after));
        string[] said =
        [
            .. now.Where(box => !old.ContainsKey(box.Key)).Select(box => $"The box '{Label(box.Value)}' is new."),
            .. old.Where(box => !now.ContainsKey(box.Key)).Select(box => $"The box '{Label(box.Value)}' is gone."),
            .. now.Where(box => old.ContainsKey(box.Key)).Select(box => Changed(old[box.Key], box.Value)).OfType<string>(),
            .. JsonNode.DeepEquals(Connections(old), Connections(now)) ? [] : (string[])["Boxes are connected differently."],
            .. Settings.Where(name => !JsonNode.DeepEquals(before[name], after[name])).Select(name => $"The workflow's {Words(name)} changed."),
        ];
        return said.Length == 0 && !JsonNode.DeepEquals(before["root"], after["root"]) ? ["Only the drawing changed."] : said;
    }

    private static Dictionary<string, ActivityNode> Boxes(JsonObject definition) =>
        ActivityNode.Read(definition["root"]!.DeepClone().AsObject()).All.GroupBy(box => box.Id).ToDictionary(same => same.Key, same => same.First());

    private static string? Changed(ActivityNode old, ActivityNode now)
    {
        var (before, after) = (Own(old), Own(now));
        var names = before.Concat(after).Select(property => property.Key).Distinct().Where(name => !JsonNode.DeepEquals(before[name], after[name])).Select(Words).ToList();
        return names.Count == 0 ? null : $"The box '{Label(now)}' changed: {string.Join(", ", names)}.";
    }

    /// <summary>What a box says itself: not where it lies, nor what is drawn inside.</summary>
    private static JsonObject Own(ActivityNode box)
    {
        var inside = box.Children.Select(child => child.Activity).ToHashSet(ReferenceEqualityComparer.Instance);
        var own = new JsonObject(box.Activity.Where(property => property.Key is not ("id" or "nodeId" or "metadata" or "connections" or "activities"))
            .Select(property => KeyValuePair.Create(property.Key, Without(property.Value, inside))));
        var metadata = box.Activity["metadata"] as JsonObject;
        (own["label"], own["description"]) = (metadata?["displayText"]?.DeepClone(), metadata?["description"]?.DeepClone());
        return own;
    }

    private static JsonNode? Without(JsonNode? value, HashSet<object?> inside) => value switch
    {
        JsonObject box when inside.Contains(box) => "a box",
        JsonObject json => new JsonObject(json.Select(property => KeyValuePair.Create(property.Key, Without(property.Value, inside)))),
        JsonArray list => new JsonArray([.. list.Select(item => Without(item, inside))]),
        _ => value?.DeepClone(),
    };

    /// <summary>Which port leads where, in no order and without bends.</summary>
    private static JsonArray Connections(Dictionary<string, ActivityNode> boxes) => new([.. boxes.Values
        .SelectMany(box => box.Activity["connections"] as JsonArray ?? []).OfType<JsonObject>()
        .Select(connection => $"{connection["source"]?.ToJsonString()}{connection["target"]?.ToJsonString()}").Order(StringComparer.Ordinal).Select(text => JsonValue.Create(text))]);

    private static string Label(ActivityNode box) =>
        (box.Activity["metadata"] as JsonObject)?.Text("displayText") is { Length: > 0 } label ? label : box.Activity.Text("name") ?? box.Id;

    /// <summary><c>checkCrm</c>: check crm.</summary>
    private static string Words(string name) => string.Concat(name.Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
