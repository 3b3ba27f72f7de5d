using LeadSens.Server.Pages;
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
        auth.MapPost("resend-confirmation", ConfirmEmail.ResendAsync).Needs(AccessRule.Anybody).Limited(RateRule.Mail).HashesPassword();
        auth.MapPost("forgot-password", ResetPassword.AskAsync).Needs(AccessRule.Anybody).Limited(RateRule.Mail);
        auth.MapPost("login", Login.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Login).HashesPassword();
        auth.MapPost("refresh", Refresh.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Refresh);
        auth.MapPost("logout", SessionsApi.LogoutAsync).Needs(AccessRule.Person);
        auth.MapGet("me", MeAsync).Needs(AccessRule.Caller);
        auth.MapPost("password", ChangePassword.HandleAsync).Needs(AccessRule.Person).HashesPassword();
        auth.MapSecondFactor();
        auth.MapGet("sessions", SessionsApi.ListAsync).Needs(AccessRule.Person);
        auth.MapDelete("sessions", SessionsApi.EndAllAsync).Needs(AccessRule.Person);
        auth.MapPut("language", Languages.ChangeAsync).Needs(AccessRule.Person);
        auth.MapDelete("sessions/{id:guid}", SessionsApi.EndAsync).Needs(AccessRule.Person);

        app.MapMethods(AccountMails.ConfirmPath + "/{token}", PageRoutes.Look, ConfirmEmail.ShowAsync).ByLink();
        app.MapPost(AccountMails.ConfirmPath + "/{token}", ConfirmEmail.PostAsync).ByLink().HashesPassword().ChangesAccess();
        app.MapMethods(AccountMails.ForgotPath, PageRoutes.Look, ResetPassword.ShowForgot).ByLink();
        app.MapPost(AccountMails.ForgotPath, ResetPassword.PostForgotAsync).ByLink().Limited(RateRule.Mail);
        app.MapMethods(AccountMails.ResetPath + "/{token}", PageRoutes.Look, ResetPassword.ShowAsync).ByLink();
        app.MapPost(AccountMails.ResetPath + "/{token}", ResetPassword.PostAsync).ByLink().HashesPassword().ChangesAccess();
    }

    /// <summary>Who calls; a browser gets the anti-forgery token for its changes with it.</summary>
    private static async Task<Ok<SignedIn>> MeAsync(HttpContext context, AccountViews views, IAntiforgery antiforgery, CancellationToken cancellationToken)
    {
        var byCookie = context.User.Identity?.AuthenticationType == SessionAuthentication.SchemeName;
        return TypedResults.Ok(new SignedIn(await views.OfAsync(context.User, cancellationToken)) { CsrfToken = byCookie ? antiforgery.GetAndStoreTokens(context).RequestToken : null });
    }
}
