using LeadSens.Server.UseCases;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

internal static class IdentityRegistration
{
    /// <summary>A key, a token or a session, whichever the request carries.</summary>
    private const string Any = "Any";

    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>().AddSingleton(_ => new Passwords()).AddSingleton<SecondFactors>().AddSingleton<Logins>().AddSingleton<KnownDevices>().AddSingleton<Sessions>().AddSingleton<StartSession>();
        services.AddSingleton<AccountViews>().AddSingleton<SignIn>();
        services.AddSingleton<AccountMails>().AddSingleton<Register>().AddSingleton<ConfirmEmail>().AddSingleton<ResetPassword>();
        services.AddSingleton<AccessCache>().AddHostedService<AccessNews>();
        services.AddSingleton<OpenStreams>().AddHostedService(provider => provider.GetRequiredService<OpenStreams>());
        services.AddHostedService<DemoWorkspace>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionAuthentication>();
        services.AddAuthentication(Any)
            .AddPolicyScheme(Any, null, options => options.ForwardDefaultSelector = SessionAuthentication.SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, AccessTokenAuthentication>(AccessTokenAuthentication.SchemeName, null)
            .AddCookie(SessionAuthentication.SchemeName);
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, BrowserCookies>();
        services.AddAntiforgery();
        services.AddAuthorization();
        return services
            .AddUseCase<Invite, Invitations.Request, Invitations.Made>().AddUseCase<CreateApiKey, KeysApi.Request, KeysApi.MadeKey>()
            .AddUseCase<SetCompanyDna, WorkspacesApi.DnaRequest, WorkspacesApi.DnaRequest>();
    }

    public static void MapIdentity(this IEndpointRouteBuilder app)
    {
        app.MapAccounts();
        app.MapWorkspaces();
    }
}
