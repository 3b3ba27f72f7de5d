using LeadSens.Server.Studio.Palette;

namespace LeadSens.Server.Studio;

/// <summary>What Elsa Studio calls to draw workflows.</summary>
internal static class StudioApi
{
    public static void MapStudio(this IEndpointRouteBuilder app)
    {
        var studio = app.MapStudioGroup();
        MapPalette(studio);
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
        studio.MapGet("workflow-contexts/provider-descriptors", Lookups.Nothing);
        studio.MapGet("resilience/strategies", Lookups.Nothing);
        studio.MapGet("resilience/retries/{activityInstanceId}", Lookups.NoRetries);
        studio.MapGet("features/installed", Features.List);
        studio.MapGet("features/installed/{fullName}", Features.Get);
        studio.MapGet("package/version", Features.Version);
    }
}
