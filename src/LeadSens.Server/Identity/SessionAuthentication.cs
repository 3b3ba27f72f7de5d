using System.Security.Claims;
using LeadSens.Server.Api;
using LeadSens.Server.Studio.Site;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace LeadSens.Server.Identity;

/// <summary>Authenticates browsers by an HttpOnly cookie. Scripts keep sending a key; a request with a key never counts as a session.</summary>
internal static class SessionAuthentication
{
    public const string SchemeName = "Session";
    private const string CookieName = "leadsens.session";

    public static ClaimsPrincipal Principal(WorkspaceContext owner) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, owner.Caller), new(WorkspaceContext.WorkspaceClaim, owner.WorkspaceId.ToString())], SchemeName));

    /// <summary>The scheme that this request is authenticated by.</summary>
    public static string SchemeOf(HttpContext context) =>
        context.Request.Headers.ContainsKey(ApiKeyAuthentication.Header) || context.Request.Headers.ContainsKey("Authorization") || !context.Request.Cookies.ContainsKey(CookieName)
            ? IsPage(context) ? SchemeName : ApiKeyAuthentication.SchemeName
            : SchemeName;

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.LoginPath = StudioPages.SignIn;
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = context =>
        {
            if (!IsPage(context.HttpContext))
                return Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "The session has ended.", "Sign in again.").ExecuteAsync(context.HttpContext);
            context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
    }

    private static bool IsPage(HttpContext context) => context.Request.Path.StartsWithSegments(StudioPages.Root);
}
