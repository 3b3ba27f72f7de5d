using LeadSens.Server.Api;
using LeadSens.Server.Pages;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

internal static class AccountsApi
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var auth = app.MapApi("/api/auth", "auth");
        auth.MapPost("register", Register.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Register).HashesPassword().Named("register", "Ask for an account");
        auth.MapPost("resend-confirmation", ConfirmEmail.ResendAsync).Needs(AccessRule.Anybody).Limited(RateRule.Mail).HashesPassword()
            .Named("resendConfirmation", "Send the mail that confirms the address again");
        auth.MapPost("forgot-password", ResetPassword.AskAsync).Needs(AccessRule.Anybody).Limited(RateRule.Mail).Named("forgotPassword", "Send a link for a new password");
        auth.MapPost("login", Login.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Login).HashesPassword()
            .Named("login", "Sign in: tokens for a program, a cookie for a browser").Refuses(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);
        auth.MapPost("refresh", Refresh.HandleAsync).Needs(AccessRule.Anybody).Limited(RateRule.Refresh).Named("refreshTokens", "New tokens for a refresh token").Refuses(StatusCodes.Status401Unauthorized);
        auth.MapPost("logout", SessionsApi.LogoutAsync).Needs(AccessRule.Person).Named("logout", "End this session");
        auth.MapGet("me", MeAsync).Needs(AccessRule.Caller).Named("getAccount", "Who calls, where, and what they may do there");
        auth.MapPost("password", ChangePassword.HandleAsync).Needs(AccessRule.Person).HashesPassword().Named("changePassword", "Change the password and end all other sessions");
        auth.MapSecondFactor();
        auth.MapGet("sessions", SessionsApi.ListAsync).Needs(AccessRule.Person).Named("listSessions", "Where the caller is signed in");
        auth.MapDelete("sessions", SessionsApi.EndAllAsync).Needs(AccessRule.Person).Named("endSessions", "End all of the caller's sessions");
        auth.MapPut("language", Languages.ChangeAsync).Needs(AccessRule.Person).Named("setLanguage", "In which language the caller is written to");
        auth.MapDelete("sessions/{id:guid}", SessionsApi.EndAsync).Needs(AccessRule.Person).Named("endSession", "End one of the caller's sessions");

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
