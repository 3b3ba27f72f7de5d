using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>Signs in. What was wrong is not said: address, password or too many attempts.</summary>
internal static class Login
{
    public const string Refusal = "The e-mail address, the password or the code is wrong, or there were too many attempts within some minutes.";

    public const string Unconfirmed = "Open the link in the mail that we sent you first. POST /api/auth/resend-confirmation sends it again.";

    /// <param name="Code">Of the account's authenticator, or a recovery code; only where the account has a second factor.</param>
    public sealed record Request([property: Required] string? Email, [property: Required] string? Password, string? Code) : INamesAccount;

    public static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> HandleAsync(
        Request request, bool? cookie, HttpContext context, Logins logins, KnownDevices devices, ConfirmEmail confirmations, SignIn signIn, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Require(!string.IsNullOrWhiteSpace(request.Email), "email", "The account's e-mail address.");
        errors.Require(!string.IsNullOrEmpty(request.Password), "password", "The account's password.");
        if (errors.Any) return Problems.Validation(errors.ByField);
        var check = await logins.CheckAsync(request.Email, request.Password, request.Code, AuditActor.Of(context), devices.Of(context), cancellationToken);
        if (check.NeedsCode) return NeedsCode(StatusCodes.Status401Unauthorized);
        if (check.UserId is not { } id) return Problems.Of(StatusCodes.Status401Unauthorized, "login_failed", "This login is refused.", Refusal);
        // Only whoever knows the password learns that the address is not confirmed.
        if (!await confirmations.IsConfirmedAsync(id, cancellationToken)) return Problems.Of(StatusCodes.Status403Forbidden, "email_not_confirmed", "This login is refused.", Unconfirmed);
        return TypedResults.Ok(await signIn.ExecuteAsync(context, id, cookie ?? false, cancellationToken));
    }

    public static ProblemHttpResult NeedsCode(int status) => Problems.Of(
        status, "second_factor_required", "The code of your authenticator is needed.", "Send the same again with \"code\": six digits of the authenticator app, or a recovery code.");
}
