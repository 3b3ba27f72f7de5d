using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Binds an account to an authenticator app (RFC 6238), and frees it.</summary>
internal static class SecondFactorApi
{
    public sealed record PasswordOnly([property: Required] string? Password);

    public sealed record CodeOnly([property: Required] string? Code);

    public sealed record PasswordAndCode([property: Required] string? Password, [property: Required] string? Code);

    /// <param name="Secret">Base32, for typing.</param>
    /// <param name="Uri">For a QR code: what authenticator apps scan.</param>
    public sealed record Proposal(string Secret, string Uri);

    /// <param name="RecoveryCodes">Each opens the account once without the authenticator. They are shown only here.</param>
    public sealed record Codes(IReadOnlyList<string> RecoveryCodes);

    public static void MapSecondFactor(this RouteGroupBuilder auth)
    {
        auth.MapPost("second-factor", ProposeAsync).Needs(AccessRule.Person).HashesPassword()
            .Named("proposeSecondFactor", "A secret for an authenticator app").Refuses(StatusCodes.Status409Conflict);
        auth.MapPost("second-factor/confirm", ConfirmAsync).Needs(AccessRule.Person).Named("confirmSecondFactor", "Ask for a code at every login from now on");
        auth.MapPost("second-factor/recovery-codes", RenewCodesAsync).Needs(AccessRule.Person).HashesPassword()
            .Named("renewRecoveryCodes", "New recovery codes in place of the old ones").Refuses(StatusCodes.Status409Conflict);
        auth.MapPost("second-factor/remove", RemoveAsync).Needs(AccessRule.Person).HashesPassword()
            .Named("removeSecondFactor", "Ask for no code any more").Refuses(StatusCodes.Status409Conflict);
    }

    /// <summary>Proposes a secret. It counts after a code of it was confirmed; until then the next proposal replaces it.</summary>
    private static async Task<Results<Ok<Proposal>, ProblemHttpResult>> ProposeAsync(
        PasswordOnly request, Person caller, AuditActor by, Database database, Logins logins, SecondFactors factors, CancellationToken cancellationToken)
    {
        var check = await logins.CheckAsync(caller, request.Password, null, by, cancellationToken);
        if (check.NeedsCode) return AlreadyOn();
        if (check.UserId is null) return Problems.Of(StatusCodes.Status403Forbidden, "password_wrong", "Nothing was changed.", "The current password is wrong, or there were too many attempts within some minutes.");
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        if (!await factors.ProposeAsync(caller.UserId, secret, cancellationToken)) return AlreadyOn();
        var email = await database.Sql("select email from users where id = $1", caller.UserId).FirstAsync(row => row.GetString(0), cancellationToken);
        var text = Base32.Encode(secret);
        return TypedResults.Ok(new Proposal(text, $"otpauth://totp/LeadSens:{Uri.EscapeDataString(email ?? "")}?secret={text}&issuer=LeadSens"));
    }

    /// <summary>From now on every login needs a code. All other sessions end: they were opened without one.</summary>
    private static async Task<Results<Ok<Codes>, ProblemHttpResult>> ConfirmAsync(
        CodeOnly request, Person caller, AuditActor by, Database database, SecondFactors factors, CancellationToken cancellationToken)
    {
        var codes = await ChangeAsync(database, caller, by, "second_factor.enabled", connection => factors.ConfirmAsync(connection, caller.UserId, request.Code, cancellationToken), cancellationToken);
        if (codes is not null) return TypedResults.Ok(new Codes(codes));
        var errors = new FieldErrors();
        errors.Add("code", "Six digits that the authenticator app shows now for the secret that was proposed last.");
        return Problems.Validation(errors.ByField);
    }

    private static async Task<Results<Ok<Codes>, ProblemHttpResult>> RenewCodesAsync(
        PasswordAndCode request, Person caller, AuditActor by, Database database, Logins logins, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (!await factors.IsOnAsync(caller.UserId, cancellationToken)) return IsOff();
        if (await logins.RefusalAsync(caller, request.Password, request.Code, by, cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(new Codes((await ChangeAsync(database, caller, by, "recovery_codes.renewed", _ => Task.FromResult(true), cancellationToken))!));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        PasswordAndCode request, Person caller, AuditActor by, Database database, Logins logins, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (!await factors.IsOnAsync(caller.UserId, cancellationToken)) return IsOff();
        if (await logins.RefusalAsync(caller, request.Password, request.Code, by, cancellationToken) is { } refusal) return refusal;
        await database.ChangeNotedAsync((connection, token) => AuditLog.AppendAsync(connection, caller.UserId, by, "second_factor.disabled", null, token), async connection =>
        {
            await connection.Sql("delete from recovery_codes where user_id = $1", caller.UserId).RunAsync(cancellationToken);
            await Sessions.EndAsync(connection, caller.UserId, null, but: caller.SessionId, "second_factor", cancellationToken);
            return await connection.Sql("delete from second_factors where user_id = $1", caller.UserId).RunAsync(cancellationToken);
        }, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>New recovery codes; null when the change did not take place.</summary>
    private static Task<IReadOnlyList<string>?> ChangeAsync(
        Database database, Person caller, AuditActor by, string action, Func<NpgsqlConnection, Task<bool>> change, CancellationToken cancellationToken) =>
        database.ChangeNotedAsync<IReadOnlyList<string>>((connection, token) => AuditLog.AppendAsync(connection, caller.UserId, by, action, null, token), async connection =>
        {
            if (!await change(connection)) return null;
            await Sessions.EndAsync(connection, caller.UserId, null, but: caller.SessionId, "second_factor", cancellationToken);
            return await RecoveryCodes.RenewAsync(connection, caller.UserId, cancellationToken);
        }, cancellationToken);

    private static ProblemHttpResult AlreadyOn() =>
        Problems.Of(StatusCodes.Status409Conflict, "second_factor_on", "This account has an authenticator.", "Remove it first, with the password and a code.");

    private static ProblemHttpResult IsOff() =>
        Problems.Of(StatusCodes.Status409Conflict, "second_factor_off", "This account has no authenticator.", "Add one with POST /api/auth/second-factor.");
}
