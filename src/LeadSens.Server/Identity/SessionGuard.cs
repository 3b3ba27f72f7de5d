using LeadSens.Server.Api;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;

namespace LeadSens.Server.Identity;

/// <summary>A browser sends the session's cookie whoever made the page: a change by session must carry the header that only our own
/// pages can set. SignalR cannot set it; there the browser must say that the call is from the same origin. Where everybody may come, with a link as
/// the right to it, the session counts for nothing.</summary>
internal static class SessionGuard
{
    public const string Header = "X-CSRF-Token";

    public static void UseSessionGuard(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (IsChangeBySession(context) && !await IsOursAsync(context))
        {
            await Problems.Of(StatusCodes.Status403Forbidden, "csrf_token_invalid", "This call did not come from a page of this service.", $"Send the header {Header}.").ExecuteAsync(context);
            return;
        }

        await next(context);
    });

    private static bool IsChangeBySession(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
        && context.User.Identity is { IsAuthenticated: true, AuthenticationType: SessionAuthentication.SchemeName }
        && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method);

    private static async Task<bool> IsOursAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/elsa/hubs")) return context.RequestServices.GetRequiredService<Origins>().IsOwnPage(context.Request);
        return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
    }
}
