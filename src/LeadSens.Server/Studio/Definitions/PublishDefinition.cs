using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Puts the latest version into service, or takes the definition out of it.</summary>
internal static class PublishDefinition
{
    public static async Task<Results<Ok<SavedAnswer>, JsonHttpResult<StudioError>>> PublishAsync(
        string definitionId, WorkspaceContext caller, DefinitionEditing editing, DefinitionViews views, CancellationToken cancellationToken)
    {
        var change = await editing.PublishAsync(caller.Author(), definitionId, cancellationToken);
        return change is null ? GetDefinition.Missing(definitionId) : await SaveDefinition.AnswerAsync(change, null, caller, views, cancellationToken);
    }

    public static async Task<Results<Ok<JsonObject>, JsonHttpResult<StudioError>>> RetractAsync(
        string definitionId, WorkspaceContext caller, DefinitionEditing editing, DefinitionViews views, CancellationToken cancellationToken)
    {
        var change = await editing.RetractAsync(caller.Author(), definitionId, cancellationToken);
        if (change is null) return GetDefinition.Missing(definitionId);
        return change.Version is null ? SaveDefinition.Refusal(change) : TypedResults.Ok(await views.MakeAsync(change.Version, caller, null, cancellationToken));
    }

    /// <summary>The caller without an editor.</summary>
    public static DefinitionAuthor Author(this WorkspaceContext caller) => new(caller.WorkspaceId, caller.Caller) { By = caller.By };
}
