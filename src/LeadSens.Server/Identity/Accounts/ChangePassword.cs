using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>Changes the caller's password and ends all other sessions. A wrong current one counts as a failed login, so that a stolen session is no
/// way to guess it.</summary>
internal static class ChangePassword
{
    public sealed record Request([property: Required] string? CurrentPassword, [property: Required] string? NewPassword, string? Code);

    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Request request, Person caller, AuditActor by, Database database, Logins logins, Passwords passwords, ILogger<SignIn> log, CancellationToken cancellationToken)
    {
        var email = await database.Sql("select email from users where id = $1", caller.UserId).FirstAsync(row => row.GetString(0), cancellationToken);
        var errors = new FieldErrors();
        errors.Require(!string.IsNullOrEmpty(request.CurrentPassword), "currentPassword", "The password that is to be changed.");
        AccountRules.CheckPassword(errors, "newPassword", request.NewPassword, email);
        if (errors.Any) return Problems.Validation(errors.ByField);
        if (await logins.RefusalAsync(caller, request.CurrentPassword, request.Code, by, cancellationToken) is { } refusal) return refusal;
        await database.ChangeNotedAsync((connection, token) => AuditLog.AppendAsync(connection, caller.UserId, by, "password.changed", null, token), async connection =>
        {
            await Sessions.EndAsync(connection, caller.UserId, null, but: caller.SessionId, "password_changed", cancellationToken);
            return await connection.Sql("update users set password_hash = $2 where id = $1", caller.UserId, passwords.Hash(request.NewPassword!)).RunAsync(cancellationToken);
        }, cancellationToken);
        log.PasswordChanged(caller.UserId);
        return TypedResults.NoContent();
    }
}
