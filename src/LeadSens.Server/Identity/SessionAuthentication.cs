using LeadSens.Server.Api;
using LeadSens.Server.Operations;
using LeadSens.Server.Studio.Site;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

/// <summary>Authenticates browsers by an HttpOnly cookie. Programs send a key or a token; a request with one never counts as a session.</summary>
internal sealed class SessionAuthentication(IOptions<LeadSensOptions> settings) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string SchemeName = "Session";

    /// <summary>The scheme that this request is authenticated by.</summary>
    public static string SchemeOf(HttpContext context)
    {
        var byHeader = context.Request.Headers.ContainsKey(ApiKeyAuthentication.Header) || context.Request.Headers.ContainsKey("Authorization");
        if (!byHeader && BrowserCookies.HasSession(context.Request)) return SchemeName;
        if (IsPage(context)) return SchemeName;
        return AccessTokenAuthentication.IsCarriedBy(context.Request) && !context.Request.Headers.ContainsKey(ApiKeyAuthentication.Header)
            ? AccessTokenAuthentication.SchemeName : ApiKeyAuthentication.SchemeName;
    }

    public void Configure(CookieAuthenticationOptions options) => Configure(SchemeName, options);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name != SchemeName) return;
        BrowserCookies.Configure(options.Cookie, BrowserCookies.Session, settings.Value);
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.LoginPath = StudioPages.SignIn;
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnRedirectToLogin = context =>
        {
            if (!IsPage(context.HttpContext))
                return Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "The session has ended.", "Sign in again.").ExecuteAsync(context.HttpContext);
            context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
    }

    /// <summary>The cookie only names its session, or the key that opened it. Whether that still holds, and for what, the database says.</summary>
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var (services, cancelled) = (context.HttpContext.RequestServices, context.HttpContext.RequestAborted);
        if (context.Principal is { } cookie)
        {
            if (Person.From(cookie) is { } person && await services.GetRequiredService<Sessions>().FindAsync(person.SessionId, cancelled) is { } session && session.UserId == person.UserId)
            {
                context.ReplacePrincipal(CallerClaims.Of(session, SchemeName));
                return;
            }

            if (Guid.TryParse(cookie.FindFirst(CallerClaims.KeyClaim)?.Value, out var keyId) && await services.GetRequiredService<ApiKeys>().FindAsync(keyId, cancelled) is { } key)
            {
                context.ReplacePrincipal(CallerClaims.Of(key, SchemeName));
                return;
            }
        }

        context.RejectPrincipal();
    }

    private static bool IsPage(HttpContext context) => context.Request.Path.StartsWithSegments(StudioPages.Root);
}
