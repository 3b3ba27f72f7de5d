using System.Security.Claims;

namespace LeadSens.Server.Studio;

internal static class StudioGroup
{
    public const string Prefix = "/elsa/api";

    /// <summary>Roles of a workspace that may only look at workflows. A caller without a role is a script with the workspace's key.</summary>
    private static readonly string[] ReadersOnly = ["viewer", "approver"];

    /// <summary>The group of what Elsa Studio calls: authenticated like the rest of the API, described by Elsa instead of by the OpenAPI document.</summary>
    public static RouteGroupBuilder MapStudioGroup(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Prefix).RequireAuthorization().ExcludeFromDescription();
        group.AddEndpointFilter(RefuseUnreadableAsync);
        return group;
    }

    /// <summary>Endpoints for those who may edit workflows; 403 for everybody else.</summary>
    public static RouteGroupBuilder ForEditors(this RouteGroupBuilder group)
    {
        var editors = group.MapGroup("");
        editors.AddEndpointFilter(RefuseReadersAsync);
        return editors;
    }

    /// <summary>Whether the caller may change workflows. Studio learns it from the links of what it gets.</summary>
    public static bool MayEdit(this ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.Role) is not { } role || !ReadersOnly.Contains(role, StringComparer.OrdinalIgnoreCase);

    private static async ValueTask<object?> RefuseUnreadableAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<StudioBody>().FirstOrDefault()?.Problem is { } problem ? StudioErrors.BadRequest(problem) : await next(context);

    private static async ValueTask<object?> RefuseReadersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.User.MayEdit() ? await next(context) : StudioErrors.Forbidden();
}
