using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>Signs in. What was wrong is not said: address, password or too many attempts.</summary>
internal static class Login
{
    public const string Refusal = "The e-mail address or the password is wrong, or there were too many attempts within some minutes.";

    public sealed record Request(string? Email, string? Password) : INamesAccount;

    public static async Task<Results<Ok<SignedIn>, ProblemHttpResult>> HandleAsync(
        Request request, bool? cookie, HttpContext context, Logins logins, SignIn signIn, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Require(!string.IsNullOrWhiteSpace(request.Email), "email", "The account's e-mail address.");
        errors.Require(!string.IsNullOrEmpty(request.Password), "password", "The account's password.");
        if (errors.Any) return Problems.Validation(errors.ByField);
        return await logins.CheckAsync(request.Email, request.Password, AuditActor.Of(context), cancellationToken) is { } id
            ? TypedResults.Ok(await signIn.ExecuteAsync(context, id, cookie ?? false, cancellationToken))
            : Problems.Of(StatusCodes.Status401Unauthorized, "login_failed", "This login is refused.", Refusal);
    }
}
