using LeadSens.Server.Data;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Whole definitions.</summary>
internal static class GetDefinition
{
    public static async Task<Results<Ok<JsonObject>, JsonHttpResult<StudioError>>> ByDefinitionIdAsync(
        string definitionId, string? versionOptions, WorkspaceContext caller, Database database, DefinitionViews views, CancellationToken cancellationToken)
    {
        if (!VersionOptions.TryParse(versionOptions, VersionOptions.Latest, out var which)) return StudioErrors.BadRequest($"'{versionOptions}' says no version.");
        var found = await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, which, cancellationToken);
        return found is null ? Missing(definitionId) : TypedResults.Ok(await views.MakeAsync(found, caller, null, cancellationToken));
    }

    public static async Task<Results<Ok<JsonObject>, JsonHttpResult<StudioError>>> ByIdAsync(
        string versionId, WorkspaceContext caller, Database database, DefinitionViews views, CancellationToken cancellationToken)
    {
        var found = await database.FindVersionOrRunsAsync(caller.WorkspaceId, versionId, cancellationToken);
        return found is null ? Missing(versionId) : TypedResults.Ok(await views.MakeAsync(found, caller, null, cancellationToken));
    }

    public static async Task<Ok<StudioList<JsonObject>>> ManyAsync(
        [FromQuery] string[]? ids, WorkspaceContext caller, Database database, DefinitionViews views, CancellationToken cancellationToken)
    {
        var items = new List<JsonObject>();
        foreach (var version in await database.FindVersionsAsync(caller.WorkspaceId, ids ?? [], cancellationToken))
            items.Add(await views.MakeAsync(version, caller, null, cancellationToken));
        return TypedResults.Ok(StudioList.Of(items));
    }

    public static JsonHttpResult<StudioError> Missing(string id) => StudioErrors.NotFound($"There is no workflow '{id}'.");
}
