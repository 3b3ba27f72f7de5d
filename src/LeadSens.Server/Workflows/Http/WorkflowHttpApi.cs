using LeadSens.Server.Identity;
using LeadSens.Server.Web;

namespace LeadSens.Server.Workflows.Http;

internal static class WorkflowHttpApi
{
    /// <summary>The endpoints of workflows: for everybody, or they look at the caller themselves.</summary>
    public static void MapWorkflowHttp(this IEndpointRouteBuilder app) =>
        app.Map(WorkflowEndpoints.Root + "/{**path}", static (HttpContext context, WorkflowEndpoints endpoints) => endpoints.HandleAsync(context)).Needs(AccessRule.Anybody).WaitsOutside().DisableAntiforgery().Limited(RateRule.Workflows).Takes(IncomingOptions.MostBytes + 1).ExcludeFromDescription();
}
