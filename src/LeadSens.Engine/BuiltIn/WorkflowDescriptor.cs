using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Describes a workflow as an activity type. The type name is made of the workflow's name.</summary>
internal static partial class WorkflowDescriptor
{
    /// <summary>Null when the workflow may not be used as an activity.</summary>
    public static ActivityDescriptor? Of(JsonElement definition)
    {
        var options = definition.Object("options") ?? default;
        if (!options.Flag("usableAsActivity") || definition.Text("name") is not { Length: > 0 } name || definition.Object("root") is null) return null;
        var json = definition.Clone();
        var type = Initial().Replace(name, match => match.Groups[1].Value.ToUpperInvariant());
        string[] outcomes = [.. json.Items("outcomes").Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];
        return new ActivityDescriptor(
            type, "", type, json.Number("version") ?? 1, options.Text("activityCategory") is { Length: > 0 } category ? category : "Workflows", name, json.Text("description"), ActivityKind.Action,
            outcomes.Length > 0 ? outcomes : ["Done"], [], [.. json.Items("inputs").Select(InputOf).OfType<InputDescriptor>()], [.. json.Items("outputs").Select(OutputOf).OfType<OutputDescriptor>()],
            IsContainer: false, IsTerminal: false, IsStart: false, IsBrowsable: true)
        {
            Workflow = new WorkflowReference(json.Text("definitionId") ?? "", json.Text("id") ?? "", json.Number("version") ?? 1),
            Create = () => new WorkflowActivity(json),
        };
    }

    private static InputDescriptor? InputOf(JsonElement input, int order) => input.Text("name") is not { } name ? null : new InputDescriptor(
        name, input.Text("type") ?? "Object", input.Text("displayName") ?? name, input.Text("description"), input.Text("category"), order, input.Text("uiHint") ?? "singleline", "Literal", null, [], IsWrapped: true);

    private static OutputDescriptor? OutputOf(JsonElement output, int order) =>
        output.Text("name") is not { } name ? null : new OutputDescriptor(name, output.Text("type") ?? "Object", output.Text("displayName") ?? name, output.Text("description"), order);

    [GeneratedRegex("(?:^|[ _-]+)([^ _-])", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Initial();
}
