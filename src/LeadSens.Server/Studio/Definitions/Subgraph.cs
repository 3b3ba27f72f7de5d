using LeadSens.Server.Data;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Parts of a definition's tree, for the designer that opens a nested container.</summary>
internal static class Subgraph
{
    public sealed record Node(JsonObject Activity, string NodeId, string Port, IReadOnlyList<Node> Parents, IReadOnlyList<Node> Children);

    public sealed record Segment(string ActivityNodeId, string ActivityId, string ActivityType, string PortName, string ActivityName);

    public sealed record Path(Node ChildNode, Node Container, IReadOnlyList<Segment> PathSegments);

    public static async Task<Results<Ok<Node>, JsonHttpResult<StudioError>>> NodeAsync(
        string versionId, string? parentNodeId, WorkspaceContext caller, Database database, DefinitionViews views, CancellationToken cancellationToken)
    {
        var root = await RootAsync(versionId, caller, database, views, cancellationToken);
        return root is null ? GetDefinition.Missing(versionId) : TypedResults.Ok(View(Find(root, parentNodeId) ?? root));
    }

    /// <summary>How to get from the outermost designer to a box: the slots to open one after the other.</summary>
    public static async Task<Results<Ok<Path>, JsonHttpResult<StudioError>>> PathAsync(
        string versionId, string? childNodeId, WorkspaceContext caller, Database database, DefinitionViews views, CancellationToken cancellationToken)
    {
        var root = await RootAsync(versionId, caller, database, views, cancellationToken);
        if (root is null) return GetDefinition.Missing(versionId);
        if (Find(root, childNodeId) is not { } child) return StudioErrors.BadRequest($"The workflow has no box '{childNodeId}'.");
        var segments = new List<Segment>();
        var opened = root;
        for (var node = child; node.Parent is { } above; node = above)
        {
            if (above.Type == "Elsa.Flowchart") continue;
            if (segments.Count == 0) opened = above;
            segments.Insert(0, new Segment(above.NodeId, above.Id, above.Type, node.Port, above.Activity.Text("name") ?? above.Type));
        }
        return TypedResults.Ok(new Path(View(child), View(opened), segments));
    }

    private static async Task<ActivityNode?> RootAsync(string versionId, WorkspaceContext caller, Database database, DefinitionViews views, CancellationToken cancellationToken)
    {
        var version = await database.FindVersionOrRunsAsync(caller.WorkspaceId, versionId, cancellationToken);
        if (version is null) return null;
        var definition = await views.MakeAsync(version, caller, null, cancellationToken);
        return ActivityNode.Read(definition["root"]!.AsObject());
    }

    private static ActivityNode? Find(ActivityNode root, string? nodeId) => root.All.FirstOrDefault(node => node.NodeId == nodeId);

    private static Node View(ActivityNode node) => new(node.Activity, node.NodeId, node.Port, [], [.. node.Children.Select(View)]);
}
