using System.Security.Claims;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Begins a draft with what an old version said.</summary>
internal static class RevertDefinition
{
    public static async Task<Results<Created<DefinitionSummary>, JsonHttpResult<StudioError>>> HandleAsync(
        string definitionId, int version, WorkspaceContext caller, ClaimsPrincipal user, DefinitionEditing editing, CancellationToken cancellationToken)
    {
        var change = await editing.RevertAsync(caller.Author(), definitionId, version, cancellationToken);
        return change?.Version is { } made
            ? TypedResults.Created($"{StudioGroup.Prefix}/workflow-definitions/by-id/{made.VersionId}", DefinitionSummary.Of(made, user.MayEdit()))
            : GetDefinition.Missing($"{definitionId}' version '{version}");
    }
}
