using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.Studio.Definitions;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Shipped;

/// <summary>A workspace's workflows beside what is shipped. Who edited a shipped one keeps his edit; a newer shipped version is offered.</summary>
internal static class WorkflowsApi
{
    public sealed record Workflows(IReadOnlyList<WorkflowItem> Items);

    /// <param name="Publish">Puts it into service at once; otherwise it is a draft.</param>
    public sealed record AdoptRequest(bool Publish = false);

    public sealed record Adopted(string DefinitionId, int Version, bool IsPublished);

    public static void MapWorkflows(this IEndpointRouteBuilder app)
    {
        var workflows = app.MapApiGroup("workflows");
        workflows.MapGet("", ListAsync).Named("listWorkflows", "The workspace's workflows beside what is shipped");
        workflows.MapGet("{definitionId}", GetAsync).Named("getWorkflow", "A workflow and where it comes from");
        workflows.MapGet("{definitionId}/newer", OfferAsync).Named("getNewerWorkflow", "What a newer shipped version changes; 204 where there is none");
        workflows.MapPost("{definitionId}/adopt", AdoptAsync).Named("adoptWorkflow", "Take the newer shipped version").Refuses(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<Workflows>> ListAsync(WorkspaceContext caller, ShippedOffers offers, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Workflows(await offers.ListAsync(caller.WorkspaceId, cancellationToken)));

    private static async Task<Results<Ok<WorkflowItem>, ProblemHttpResult>> GetAsync(
        string definitionId, WorkspaceContext caller, ShippedOffers offers, CancellationToken cancellationToken) =>
        await offers.FindAsync(caller.WorkspaceId, definitionId, cancellationToken) is { } item ? TypedResults.Ok(item) : Unknown();

    private static async Task<Results<Ok<WorkflowOffer>, NoContent, ProblemHttpResult>> OfferAsync(
        string definitionId, WorkspaceContext caller, ShippedOffers offers, CancellationToken cancellationToken)
    {
        if (await offers.FindAsync(caller.WorkspaceId, definitionId, cancellationToken) is not { } item) return Unknown();
        return await offers.OfferAsync(caller.WorkspaceId, item, cancellationToken) is { } offer ? TypedResults.Ok(offer) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<Adopted>, ProblemHttpResult>> AdoptAsync(
        string definitionId, AdoptRequest request, WorkspaceContext caller, DefinitionEditing editing, CancellationToken cancellationToken)
    {
        var change = await editing.AdoptAsync(caller.Author(), definitionId, request.Publish, cancellationToken);
        if (change is null) return Unknown();
        return change.Version is { } version
            ? TypedResults.Ok(new Adopted(definitionId, version.Version, version.IsPublished))
            : Problems.Conflict("workflow_up_to_date", change.Refusal!);
    }

    private static ProblemHttpResult Unknown() => Problems.NotFound("workflow_not_found");
}
