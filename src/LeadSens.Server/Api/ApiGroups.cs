using LeadSens.Server.Identity;

namespace LeadSens.Server.Api;

internal static class ApiGroups
{
    /// <summary>The group of a slice's endpoints, <c>/api/{name}</c>: authenticated, in one OpenAPI tag; reading needs the permission Read and changing Work,
    /// unless an endpoint says otherwise. Handlers take a
    /// <see cref="WorkspaceContext"/> parameter and put its id into every query.</summary>
    public static RouteGroupBuilder MapApiGroup(this IEndpointRouteBuilder app, string name) => app.MapApi($"/api/{name}", name).NeedsByMethod();

    /// <summary>The same at another path, and without a rule whom its endpoints let in: each says it.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app, string path, string tag)
    {
        var group = app.MapGroup(path).WithTags(tag);
        IEndpointConventionBuilder conventions = group;
        conventions.Add(QueryRules.Apply);
        conventions.Finally(ApiAnswers.Describe);
        return group;
    }
}
