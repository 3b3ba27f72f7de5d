using LeadSens.Server.Data;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Workflows that use another one as an activity.</summary>
internal static class Consumers
{
    public sealed record Answer(IReadOnlyList<string> ConsumingWorkflowDefinitionIds);

    public sealed record Updated(IReadOnlyList<string> AffectedWorkflows);

    public static async Task<Results<Ok<Answer>, JsonHttpResult<StudioError>>> ListAsync(
        string definitionId, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        if (await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, VersionOptions.Latest, cancellationToken) is not { } used) return GetDefinition.Missing(definitionId);
        var all = await WithAsync(database, caller.WorkspaceId, [used], cancellationToken);
        return TypedResults.Ok(new Answer([.. all.Skip(1).Select(version => version.DefinitionId)]));
    }

    /// <summary>Has those that use it name its newest published version, as drafts.</summary>
    public static async Task<Results<Ok<Updated>, JsonHttpResult<StudioError>>> UpdateAsync(
        string definitionId, WorkspaceContext caller, Database database, DefinitionEditing editing, CancellationToken cancellationToken)
    {
        if (await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, VersionOptions.Latest, cancellationToken) is null) return GetDefinition.Missing(definitionId);
        var published = await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, VersionOptions.Published, cancellationToken);
        var affected = new List<string>();
        foreach (var consumer in published is null ? [] : await DirectAsync(database, caller.WorkspaceId, published, cancellationToken))
        {
            var json = DefinitionForm.Normalise(DefinitionText.Parse(consumer.Body)!);
            foreach (var box in Boxes(json, published!)) PointTo(box, published!);
            (json["id"], json["definitionId"]) = (consumer.VersionId, consumer.DefinitionId);
            var change = await editing.SaveAsync(caller.Author(), json, publish: false, afterLatest: false, cancellationToken);
            if (change.Version is { } saved && saved.Revision != consumer.Revision) affected.Add(saved.Name ?? saved.DefinitionId);
        }
        return TypedResults.Ok(new Updated(affected));
    }

    /// <summary>These, and whatever uses them, and so on.</summary>
    public static async Task<List<DefinitionVersion>> WithAsync(Database database, Guid workspaceId, IReadOnlyList<DefinitionVersion> used, CancellationToken cancellationToken)
    {
        var all = used.ToList();
        for (var next = 0; next < all.Count; next++)
        {
            foreach (var consumer in await DirectAsync(database, workspaceId, all[next], cancellationToken))
            {
                if (!all.Exists(other => other.DefinitionId == consumer.DefinitionId)) all.Add(consumer);
            }
        }
        return all;
    }

    private static async Task<List<DefinitionVersion>> DirectAsync(Database database, Guid workspaceId, DefinitionVersion used, CancellationToken cancellationToken)
    {
        var mentioning = await database.MentioningAsync(workspaceId, used.DefinitionId, cancellationToken);
        return [.. mentioning.Where(version => version.DefinitionId != used.DefinitionId && Boxes(DefinitionText.Parse(version.Body)!, used).Any())];
    }

    private static IEnumerable<JsonObject> Boxes(JsonObject definition, DefinitionVersion used) => definition["root"] is JsonObject root
        ? ActivityNode.Read(root).All.Select(node => node.Activity).Where(box => box.Text("workflowDefinitionId") == used.DefinitionId)
        : [];

    private static void PointTo(JsonObject box, DefinitionVersion published)
    {
        box["version"] = published.Version;
        box["workflowDefinitionVersionId"] = published.VersionId;
        box["latestAvailablePublishedVersion"] = published.Version;
        box["latestAvailablePublishedVersionId"] = published.VersionId;
    }
}
