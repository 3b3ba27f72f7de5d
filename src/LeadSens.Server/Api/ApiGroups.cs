using LeadSens.Server.Identity;

namespace LeadSens.Server.Api;

internal static class ApiGroups
{
    /// <summary>The group of a slice's endpoints, <c>/api/{name}</c>: authenticated, in one OpenAPI tag. Handlers take a
    /// <see cref="WorkspaceContext"/> parameter and put its id into every query.</summary>
    public static RouteGroupBuilder MapApiGroup(this IEndpointRouteBuilder app, string name) =>
        app.MapGroup($"/api/{name}")
            .WithTags(name)
            .RequireAuthorization()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
}
