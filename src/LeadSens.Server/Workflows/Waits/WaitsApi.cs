using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Workflows.Waits;

internal static class WaitsApi
{
    public static void MapWaits(this IEndpointRouteBuilder app) => app.MapApiGroup("workflow-instances").MapGet("{id:guid}/waits", HandleAsync)
        .Named("getWorkflowInstanceWaits", "Why a run does not go on");

    private static async Task<Results<Ok<InstanceWaits>, ProblemHttpResult>> HandleAsync(Guid id, WorkspaceContext caller, ReadWaits waits, CancellationToken cancellationToken) =>
        await waits.ReadAsync(caller.WorkspaceId, id, cancellationToken) is { } found ? TypedResults.Ok(found) : Problems.NotFound("workflow_instance_not_found");
}
