using LeadSens.Server.Identity;

namespace LeadSens.Server.Api;

internal static class ApiGroups
{
    /// <summary>The group of a slice's endpoints, <c>/api/{name}</c>: authenticated, in one OpenAPI tag; reading needs the permission Read and changing Work,
    /// unless an endpoint says otherwise. Handlers take a
    /// <see cref="WorkspaceContext"/> parameter and put its id into every query.</summary>
    public static RouteGroupBuilder MapApiGroup(this IEndpointRouteBuilder app, string name) =>
        app.MapGroup($"/api/{name}")
            .WithTags(name)
            .NeedsByMethod()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
}
