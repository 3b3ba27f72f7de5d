using LeadSens.Server.Studio.Definitions;
using LeadSens.Server.Studio.Palette;
using LeadSens.Server.Studio.Scripting;
using LeadSens.Server.Web;

namespace LeadSens.Server.Studio;

/// <summary>What Elsa Studio calls to draw workflows.</summary>
internal static class StudioApi
{
    public static void MapStudio(this IEndpointRouteBuilder app)
    {
        var studio = app.MapStudioGroup();
        MapPalette(studio);
        MapDefinitions(studio);
        MapEditing(studio.ForEditors());
    }

    private static void MapPalette(RouteGroupBuilder studio)
    {
        var descriptors = studio.MapGroup("descriptors");
        descriptors.MapGet("activities", ListActivities.HandleAsync);
        descriptors.MapGet("activities/{typeName}", GetActivity.HandleAsync);
        descriptors.MapPost("activities/{typeName}/options/{property}", RefreshOptions.HandleAsync);
        descriptors.MapGet("expression-descriptors", Lookups.Expressions);
        descriptors.MapGet("workflow-activation-strategies", Lookups.ActivationStrategies);
        descriptors.MapGet("incident-strategies", Lookups.IncidentStrategies);
        descriptors.MapGet("log-persistence-strategies", Lookups.LogPersistenceStrategies);
        descriptors.MapGet("commit-strategies/workflows", Lookups.CommitStrategies);
        descriptors.MapGet("commit-strategies/activities", Lookups.CommitStrategies);
        descriptors.MapGet("storage-drivers", Lookups.StorageDrivers);
        descriptors.MapGet("variables", Lookups.VariableTypes);
        descriptors.MapGet("output-converters", Lookups.OutputConverters);
        studio.MapPost("scripting/javascript/type-definitions/{definitionId}", TypeDefinitions.HandleAsync);
        studio.MapGet("workflow-contexts/provider-descriptors", Lookups.Nothing);
        studio.MapGet("resilience/strategies", Lookups.Nothing);
        studio.MapGet("resilience/retries/{activityInstanceId}", Lookups.NoRetries);
        studio.MapGet("features/installed", Features.List);
        studio.MapGet("features/installed/{fullName}", Features.Get);
        studio.MapGet("package/version", Features.Version);
    }

    private static void MapDefinitions(RouteGroupBuilder studio)
    {
        var definitions = studio.MapGroup("workflow-definitions");
        definitions.MapGet("", ListDefinitions.HandleAsync);
        definitions.MapGet("by-definition-id/{definitionId}", GetDefinition.ByDefinitionIdAsync);
        definitions.MapGet("by-id/{versionId}", GetDefinition.ByIdAsync);
        definitions.MapGet("many-by-id", GetDefinition.ManyAsync);
        definitions.MapGet("subgraph/{versionId}", Subgraph.NodeAsync);
        definitions.MapGet("subgraph/segments/{versionId}", Subgraph.PathAsync);
        definitions.MapGet("validation/is-name-unique", DefinitionLookups.IsNameUniqueAsync);
        definitions.MapGet("query/count", DefinitionLookups.CountAsync);
        definitions.MapGet("{definitionId}/consumers", Consumers.ListAsync);
        definitions.MapGet("{definitionId}/triggers", ListTriggers.HandleAsync);
        definitions.MapGet("{definitionId}/export", ExportDefinitions.OneAsync);
        studio.MapPost("bulk-actions/export/workflow-definitions", ExportDefinitions.ManyAsync);
    }

    private static void MapEditing(RouteGroupBuilder editors)
    {
        var definitions = editors.MapGroup("workflow-definitions").Takes(StudioGroup.LargestBody);
        definitions.MapPost("", SaveDefinition.HandleAsync);
        definitions.MapPost("import", ImportDefinitions.OneAsync);
        definitions.MapPost("import-files", ImportDefinitions.FilesAsync);
        definitions.MapPost("{definitionId}/publish", PublishDefinition.PublishAsync);
        definitions.MapPost("{definitionId}/retract", PublishDefinition.RetractAsync);
        definitions.MapPost("{definitionId}/revert/{version:int}", RevertDefinition.HandleAsync);
        definitions.MapPost("{definitionId}/update-references", Consumers.UpdateAsync);
        definitions.MapDelete("{definitionId}", DeleteDefinition.DefinitionAsync);
        editors.MapDelete("workflow-definition-versions/{versionId}", DeleteDefinition.VersionAsync);
        var bulk = editors.MapGroup("bulk-actions");
        bulk.MapPost("delete/workflow-definitions/by-definition-id", BulkActions.DeleteDefinitionsAsync);
        bulk.MapPost("delete/workflow-definitions/by-id", BulkActions.DeleteVersionsAsync);
        bulk.MapPost("publish/workflow-definitions/by-definition-ids", BulkActions.PublishAsync);
        bulk.MapPost("retract/workflow-definitions/by-definition-ids", BulkActions.RetractAsync);
    }
}
