using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Deletes what the workspace made; running instances keep what they run. What is shipped cannot be deleted, only retracted.</summary>
internal static class DeleteDefinition
{
    public static async Task<Results<NoContent, JsonHttpResult<StudioError>>> DefinitionAsync(
        string definitionId, WorkspaceContext caller, DefinitionEditing editing, Database database, CancellationToken cancellationToken)
    {
        if (await editing.DeleteAsync(caller.Author(), [definitionId], cancellationToken) > 0) return TypedResults.NoContent();
        return await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, VersionOptions.Latest, cancellationToken) is null ? GetDefinition.Missing(definitionId) : Shipped();
    }

    public static async Task<Results<NoContent, JsonHttpResult<StudioError>>> VersionAsync(
        string versionId, WorkspaceContext caller, DefinitionEditing editing, Database database, CancellationToken cancellationToken)
    {
        if (await editing.DeleteVersionsAsync(caller.Author(), [versionId], cancellationToken) > 0) return TypedResults.NoContent();
        return await database.FindVersionAsync(caller.WorkspaceId, versionId, cancellationToken) is null ? GetDefinition.Missing(versionId) : Shipped();
    }

    private static JsonHttpResult<StudioError> Shipped() => StudioErrors.BadRequest("This workflow comes with LeadSens. It cannot be deleted; retract it to take it out of service.");
}
