using System.Security.Claims;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Studio;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>Holds every endpoint's rule against its caller. The workspace is the one that the caller is in, or the one that the path
/// names: then the role in that one counts.</summary>
internal static class AccessGuard
{
    /// <summary>The route parameter that names the workspace of the call.</summary>
    public const string WorkspaceParameter = "workspaceId";

    /// <summary>Gives each request its turn at the database, before anything asks whose it is.</summary>
    public static void UseDatabaseTurns(this WebApplication app) => app.Use(async (context, next) =>
    {
        using var turn = new RequestTurn(keeps: context.GetEndpoint()?.Metadata is { } endpoint && endpoint.GetMetadata<LongAnswer>() is null && endpoint.GetMetadata<OutsideWait>() is null,
            from: ClientAddress.KeyOf(context.Connection.RemoteIpAddress));
        using var scope = DatabaseScope.Begin(turn);
        await next(context);
    });

    public static void UseAccessRules(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (await RefusalAsync(context) is { } refusal)
        {
            Note(context);
            await refusal.ExecuteAsync(context);
            return;
        }
        DatabaseScope.Current.Request?.LetIn();
        if (WorkspaceContext.From(context.User) is { } place && !await context.RequestServices.GetRequiredService<Pools>().Admission.HasRoomAsync(place.WorkspaceId, context.RequestAborted))
        {
            await UnavailableDatabase.TellBusyAsync(context);
            return;
        }
        using var scope = IsOfWorkspace(context) ? DatabaseScope.Narrow(WorkspaceContext.From(context.User)!.WorkspaceId) : default(IDisposable);
        if (AccessChange.IsOne(context))
            await AccessChange.RunAsync(context, next);
        else
            await next(context);
    });

    /// <summary>From here on such a call sees the rows of its workspace alone. What is open to anybody or to any caller finds out by itself whose it is.</summary>
    private static bool IsOfWorkspace(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { Kind: not (CallerKind.Anybody or CallerKind.Caller or CallerKind.Person) };

    /// <summary>The route, not the path: that may hold a token.</summary>
    private static void Note(HttpContext context)
    {
        var caller = AuditActor.Of(context);
        context.RequestServices.GetRequiredService<ILogger<AccessRule>>().AccessRefused(caller.Kind, caller.Id, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
    }

    private static async Task<IResult?> RefusalAsync(HttpContext context)
    {
        // Routing's own answers (405, 415) are endpoints, too, but have no route.
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return null;
        if (endpoint.Metadata.GetMetadata<AccessRule>() is not { } rule) return Forbidden("This endpoint is open to nobody.");
        if (rule.Kind == CallerKind.Anybody) return null;
        if (context.Request.RouteValues[WorkspaceParameter] is { } named && !await EnterAsync(context, named))
            return Problems.NotFound("workspace_not_found");
        return rule.Kind switch
        {
            CallerKind.Caller => null,
            CallerKind.Person => Person.From(context.User) is null ? Problems.Of(StatusCodes.Status403Forbidden, "account_required", "Only a person can do this.", "Sign in with an account instead of a key.") : null,
            _ => Member(context, rule.Permission),
        };
    }

    private static IResult? Member(HttpContext context, Permission permission)
    {
        if (WorkspaceContext.From(context.User) is null)
            return Problems.Of(StatusCodes.Status403Forbidden, "workspace_required", "You are in no workspace.", "Create one, accept an invitation or switch to one of yours.");
        if (context.User.May(permission)) return null;
        return context.Request.Path.StartsWithSegments(StudioGroup.Prefix) ? StudioErrors.Forbidden()
            : Forbidden($"This needs the permission '{CallerClaims.ScopeOf(permission)}' in the workspace.");
    }

    /// <summary>Makes the named workspace the workspace of this call; false for whoever does not belong to it.</summary>
    private static async Task<bool> EnterAsync(HttpContext context, object named)
    {
        if (!Guid.TryParse(named as string, out var workspaceId)) return false;
        if (WorkspaceContext.From(context.User)?.WorkspaceId == workspaceId) return true;
        if (Person.From(context.User) is not { } person) return false;
        var role = await context.RequestServices.GetRequiredService<Database>()
            .Sql("select role from workspace_members where workspace_id = $1 and user_id = $2", workspaceId, person.UserId)
            .FirstAsync(row => row.GetString(0), context.RequestAborted);
        if (role is null) return false;
        context.User = CallerClaims.Of(new SessionOwner(person.SessionId, person.UserId, new(workspaceId, role)), ((ClaimsIdentity)context.User.Identity!).AuthenticationType!);
        return true;
    }

    private static ProblemHttpResult Forbidden(string detail) => Problems.Of(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", detail);
}
