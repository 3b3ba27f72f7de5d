using LeadSens.Server.Identity;
using LeadSens.Server.Web;

namespace LeadSens.Server.Pages;

internal static class PageRoutes
{
    /// <summary>How a link's page is opened; neither changes anything, however often a scanner does it.</summary>
    public static readonly string[] Look = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Whoever has the link may come: it is the right to what it opens, so no session and no anti-forgery token is asked for.</summary>
    public static RouteHandlerBuilder ByLink(this RouteHandlerBuilder route) => route.Needs(AccessRule.Anybody).DisableAntiforgery().Limited(RateRule.Links).ExcludeFromDescription();

    /// <summary>The form that was sent; null for anything else.</summary>
    public static async Task<IFormCollection?> FormAsync(this HttpContext context, CancellationToken cancellationToken) =>
        context.Request.HasFormContentType ? await context.Request.ReadFormAsync(cancellationToken) : null;
}
