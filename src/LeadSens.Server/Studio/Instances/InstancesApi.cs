using LeadSens.Server.Identity;
using LeadSens.Server.Studio.Trials;
using LeadSens.Server.Web;

namespace LeadSens.Server.Studio.Instances;

/// <summary>The part of Studio's contract that is about running: start, list, watch, cancel, retry, delete.</summary>
internal static class InstancesApi
{
    public static IServiceCollection AddStudioInstances(this IServiceCollection services)
    {
        services.AddSignalR();
        services.AddSingleton<InstanceFiles>().AddSingleton<InstanceReader>().AddSingleton<ObservedInstances>();
        services.AddStudioFeature("Elsa.RealTimeWorkflowUpdates", "Real-time updates", "The viewer is told when an instance went on.");
        services.AddStudioFeature("Elsa.Alterations.ShellFeatures.Alterations", "Retry", "Faulted activities can be run again.");
        return services.AddHostedService<InstanceNews>();
    }

    public static void MapStudioInstances(this IEndpointRouteBuilder app)
    {
        var api = app.MapStudioGroup();
        MapReading(api);
        MapRunning(api.ForEditors());
        app.MapHub<InstanceHub>("/elsa/hubs/workflow-instance", options => options.CloseOnAuthenticationExpiration = true).Needs(Permission.Read).StaysOpen();
    }

    private static void MapReading(RouteGroupBuilder api)
    {
        api.MapPost("/workflow-instances", ListInstances.HandleAsync);
        api.MapGet("/workflow-instances/{id:guid}", GetInstance.HandleAsync);
        api.MapGet("/workflow-instances/{id:guid}/execution-state", GetInstance.StateAsync);
        api.MapGet("/workflow-instances/{id:guid}/variables", GetInstance.VariablesAsync);
        api.MapGet("/workflow-instances/{id:guid}/export", ExportInstances.OneAsync);
        api.MapPost("/bulk-actions/export/workflow-instances", ExportInstances.ManyAsync);
        api.MapGet("/workflow-instances/{id:guid}/journal", Journal.GetAsync);
        api.MapPost("/workflow-instances/{id:guid}/journal", Journal.HandleAsync);
        api.MapGet("/workflow-instances/{id:guid}/journal/{activityId}", Journal.LastAsync);
        api.MapPost("/activity-executions/report", ActivityReport.HandleAsync);
        api.MapGet("/activity-executions/list", ActivityExecutions.ListAsync);
        api.MapGet("/activity-executions/by-id", ActivityExecutions.FindAsync);
        api.MapGet("/activity-executions/{id:guid}/call-stack", ActivityExecutions.CallStackAsync);
        api.MapGet("/activity-execution-summaries/list", ActivityExecutions.SummariesAsync);
    }

    private static void MapRunning(RouteGroupBuilder api)
    {
        var starts = api.MapGroup("/workflow-definitions/{definitionId}").AddEndpointFilter(RunDefinition.RefuseAsync);
        starts.MapPost("/execute", RunDefinition.ExecuteAsync).WaitsOutside();
        starts.MapPost("/dispatch", RunDefinition.DispatchAsync);
        starts.MapPost("/bulk-dispatch", RunDefinition.DispatchManyAsync);
        api.MapPost("/tests/activities", TestActivity.HandleAsync).WaitsOutside();
        api.MapPost("/workflow-instances/{id:guid}/variables", SetVariables.HandleAsync);
        api.MapPost("/bulk-actions/import/workflow-instances", ImportInstances.HandleAsync).Takes(StudioGroup.LargestBody);
        api.MapDelete("/workflow-instances/{id:guid}", ControlInstances.DeleteAsync);
        api.MapPost("/cancel/workflow-instances/{id:guid}", ControlInstances.CancelAsync);
        api.MapPost("/bulk-actions/cancel/workflow-instances", ControlInstances.CancelManyAsync);
        api.MapPost("/bulk-actions/delete/workflow-instances/by-id", ControlInstances.DeleteManyAsync);
        api.MapPost("/alterations/workflows/retry", ControlInstances.RetryAsync);
    }
}
