using LeadSens.Server.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

internal static class AccountsApi
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("auth").ProducesProblem(StatusCodes.Status401Unauthorized);
        auth.MapPost("register", Register.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Register).HashesPassword();
        auth.MapPost("login", Login.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Login).HashesPassword();
        auth.MapPost("refresh", Refresh.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Refresh);
        auth.MapPost("logout", SessionsApi.LogoutAsync).Needs(AccessRule.Person);
        auth.MapGet("me", MeAsync).Needs(AccessRule.Caller);
        auth.MapPost("password", ChangePassword.HandleAsync).Needs(AccessRule.Person).HashesPassword();
        auth.MapSecondFactor();
        auth.MapGet("sessions", SessionsApi.ListAsync).Needs(AccessRule.Person);
        auth.MapDelete("sessions", SessionsApi.EndAllAsync).Needs(AccessRule.Person);
        auth.MapDelete("sessions/{id:guid}", SessionsApi.EndAsync).Needs(AccessRule.Person);
    }

    /// <summary>Who calls; a browser gets the anti-forgery token for its changes with it.</summary>
    private static async Task<Ok<SignedIn>> MeAsync(HttpContext context, AccountViews views, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        var byCookie = context.User.Identity?.AuthenticationType == SessionAuthentication.SchemeName;
        return TypedResults.Ok(new SignedIn(await views.OfAsync(context.User, cancellationToken)) { CsrfToken = byCookie ? antiforgery.GetAndStoreTokens(context).RequestToken : null });
    }
}
