using Microsoft.AspNetCore.Authentication;

namespace LeadSens.Server.Identity;

internal static class IdentityRegistration
{
    /// <summary>A key or a session, whichever the request carries.</summary>
    private const string Any = "Any";

    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>();
        services.AddHostedService<DemoWorkspace>();
        services.AddAuthentication(Any)
            .AddPolicyScheme(Any, null, options => options.ForwardDefaultSelector = SessionAuthentication.SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddCookie(SessionAuthentication.SchemeName, SessionAuthentication.Configure);
        services.AddAntiforgery(options => options.HeaderName = SessionGuard.Header);
        services.AddAuthorization();
        return services;
    }
}
