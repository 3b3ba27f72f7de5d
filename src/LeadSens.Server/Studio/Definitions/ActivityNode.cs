using System.Text.Json.Nodes;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>A box in the tree of a definition.</summary>
/// <param name="activity">Its JSON.</param>
/// <param name="parent">The box around it; null for the root.</param>
/// <param name="port">The slot of the parent that it stands in, for example Then or Activities.</param>
internal sealed class ActivityNode(JsonObject activity, ActivityNode? parent, string port)
{
    /// <summary>Elsa's root of every run; it is in no definition.</summary>
    private const string Outermost = "Workflow1";

    /// <summary>Where no boxes stand: their objects look like some, or are the user's own.</summary>
    private static readonly string[] Closed = ["metadata", "customProperties", "variables", "connections", "expression", "condition", "memoryReference", "originalActivityJson"];

    public JsonObject Activity => activity;

    public ActivityNode? Parent => parent;

    public string Port => port;

    public string Type => activity.Text("type") ?? "";

    public string Id => activity.Text("id") ?? "";

    public string NodeId { get; } = $"{parent?.NodeId ?? Outermost}:{activity.Text("id")}";

    public IReadOnlyList<ActivityNode> Children { get; private set; } = [];

    /// <summary>The box and everything inside it, containers first.</summary>
    public IEnumerable<ActivityNode> All => Children.SelectMany(child => child.All).Prepend(this);

    public static ActivityNode Read(JsonObject activity, ActivityNode? parent = null, string port = "Root")
    {
        if (string.IsNullOrEmpty(activity.Text("id"))) activity["id"] = Guid.CreateVersion7().ToString("N")[16..];
        var node = new ActivityNode(activity, parent, port);
        var children = new List<ActivityNode>();
        foreach (var (name, value) in activity.ToList())
        {
            if (!Closed.Contains(name)) Collect(value, node, Pascal(name), children);
        }
        node.Children = children;
        return node;
    }

    private static void Collect(JsonNode? value, ActivityNode parent, string port, List<ActivityNode> children)
    {
        if (value is JsonObject json)
        {
            if (IsActivity(json)) children.Add(Read(json, parent, port));
            else if (json["activity"] is JsonObject inner) Collect(inner, parent, json.Text("label") ?? json["statusCode"]?.ToString() ?? port, children);
        }
        else if (value is JsonArray list)
        {
            foreach (var item in list.ToList()) Collect(item, parent, port, children);
        }
    }

    /// <summary>Expressions and argument definitions have a type too, but neither id nor version.</summary>
    private static bool IsActivity(JsonObject json) => json.Text("type") is not null && (json.ContainsKey("id") || json.ContainsKey("nodeId") || json["version"] is JsonValue);

    private static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
