using System.Security.Claims;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Studio;

internal static class StudioGroup
{
    public const string Prefix = "/elsa/api";

    /// <summary>Room for the largest definition, so that one that is larger gets an answer that Studio shows.</summary>
    public const long LargestBody = JsonLimits.MostBytes + 1024 * 1024;

    /// <summary>The group of what Elsa Studio calls: authenticated like the rest of the API, described by Elsa instead of by the OpenAPI document.</summary>
    public static RouteGroupBuilder MapStudioGroup(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Prefix).Needs(Permission.Read).ExcludeFromDescription();
        group.AddEndpointFilter(RefuseUnreadableAsync);
        return group;
    }

    /// <summary>Endpoints for those who may edit workflows; 403 for everybody else.</summary>
    public static RouteGroupBuilder ForEditors(this RouteGroupBuilder group) => group.MapGroup("").Needs(Permission.Work);

    /// <summary>Whether the caller may change workflows. Studio learns it from the links of what it gets.</summary>
    public static bool MayEdit(this ClaimsPrincipal user) => user.May(Permission.Work);

    private static async ValueTask<object?> RefuseUnreadableAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<StudioBody>().FirstOrDefault()?.Problem is { } problem ? StudioErrors.BadRequest(problem) : await next(context);
}
