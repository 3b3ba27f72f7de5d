using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Studio.Definitions;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Scripting;

/// <summary>What a script of this workflow may call, as TypeScript, for the editor's completion.</summary>
internal static class TypeDefinitions
{
    public static async Task<Results<ContentHttpResult, JsonHttpResult<StudioError>>> HandleAsync(
        string definitionId, StudioBody body, WorkspaceContext caller, Database database, LeadSens.Engine.ActivityRegistry activities, CancellationToken cancellationToken)
    {
        var definition = await database.FindDefinitionAsync(caller.WorkspaceId, definitionId, VersionOptions.Latest, cancellationToken);
        return definition is null
            ? GetDefinition.Missing(definitionId)
            : TypedResults.Text(ScriptTypes.Of(DefinitionText.Parse(definition.Body)!, activities), "application/x-typescript");
    }
}
