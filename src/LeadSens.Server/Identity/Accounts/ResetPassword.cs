using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.Pages;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>A new password by a link that is sent to the account's address. Following it to the end shows that the address is the person's, ends all sessions, keys, invitations
/// and all other links.</summary>
internal sealed class ResetPassword(Database database, Passwords passwords, AccountMails texts, Mails mails, ProviderRegistry providers, TimeProvider clock,
    IHostEnvironment environment, ILogger<SignIn> log)
{
    /// <summary>Every request is answered after this time: what an address that has an account costs more stays unseen.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    public sealed record Request([property: Required] string? Email) : INamesAccount;

    public static async Task<Results<Accepted<Register.Asked>, ProblemHttpResult>> AskAsync(Request request, ResetPassword reset, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        AccountRules.CheckEmail(errors, request.Email);
        if (errors.Any) return Problems.Validation(errors.ByField);
        await reset.AskAsync(request.Email, cancellationToken);
        return TypedResults.Accepted((string?)null, new Register.Asked("If there is an account with this address, a mail was sent to it."));
    }

    public static IResult ShowForgot(HttpContext context) => PublicPage.Of(context, StatusCodes.Status200OK, Language.Of(context.Request), AccountPages.Forgot(Language.Of(context.Request)));

    public static async Task<IResult> PostForgotAsync(HttpContext context, ResetPassword reset, RateLimits limits, CancellationToken cancellationToken)
    {
        var (form, language) = (await context.FormAsync(cancellationToken), Language.Of(context.Request));
        if (form is null) return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        // The page says the same either way; only the mail does not come.
        if (limits.RefusalOf(RateRule.Mail, form["email"].ToString(), context) is null) await reset.AskAsync(form["email"], cancellationToken);
        return PublicPage.Of(context, StatusCodes.Status200OK, language, AccountPages.Asked(language));
    }

    public static async Task<IResult> ShowAsync(string token, HttpContext context, Database database, CancellationToken cancellationToken) =>
        await AccountLinks.FindAsync(database, token, AccountLinks.Reset, cancellationToken) is { } account
            ? PublicPage.Of(context, StatusCodes.Status200OK, account.Language, AccountPages.Reset(account, token, null)) : AccountPages.Unknown(context);

    public static async Task<IResult> PostAsync(string token, HttpContext context, ResetPassword reset, Database database, CancellationToken cancellationToken)
    {
        if (await context.FormAsync(cancellationToken) is not { } form) return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        if (await AccountLinks.FindAsync(database, token, AccountLinks.Reset, cancellationToken) is not { } account) return AccountPages.Unknown(context);
        var (password, errors) = (form["password"].ToString(), new FieldErrors());
        AccountRules.CheckPassword(errors, "password", password, account.Email);
        if (errors.Any) return PublicPage.Of(context, StatusCodes.Status400BadRequest, account.Language, AccountPages.Reset(account, token, AccountPages.PasswordRule(account.Language)));
        return await reset.ExecuteAsync(token, account, password, AuditActor.Of(context), cancellationToken) is { } kept
            ? PublicPage.Of(context, StatusCodes.Status200OK, account.Language, AccountPages.Changed(account.Language, kept)) : AccountPages.Unknown(context);
    }

    private async Task AskAsync(string? email, CancellationToken cancellationToken)
    {
        var answer = Task.Delay(AnswerTime, clock, cancellationToken);
        await SendAsync(EmailAddress.KeyOf(email) ?? "", cancellationToken);
        await answer;
    }

    private async Task SendAsync(string key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var account = await connection.Sql("select id, email, language from users where email_key = $1 and id <> $2 for update", key, environment.IsProduction() ? DemoWorkspace.UserId : Guid.Empty)
            .FirstAsync(row => new LinkedAccount(row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken);
        if (account is null || await AccountLinks.NewAsync(connection, account.UserId, AccountLinks.Reset, null, cancellationToken) is not { } link) return;
        await mails.AddAsync(connection, texts.Reset(account.UserId, account.Email, account.Language, link), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        mails.Wake();
    }

    /// <returns>What stays connected in the person's name; null where the link opens nothing.</returns>
    private async Task<IReadOnlyList<string>?> ExecuteAsync(string token, LinkedAccount account, string password, AuditActor by, CancellationToken cancellationToken)
    {
        var hash = passwords.Hash(password);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.Sql("update account_links set used_at = clock_now() where token_hash = $1 and purpose = 'reset' and used_at is null and expires_at > clock_now()", Secret.HashOf(token))
            .RunAsync(cancellationToken) == 0) return null;
        var kept = await KeptConnections.OfAsync(connection, account.UserId, providers, cancellationToken);
        await EndEverything.ExecuteAsync(connection, account.UserId, "password_reset", cancellationToken);
        await connection.Sql("""
            update users set password_hash = $2, failed_logins = 0, locked_until = null, confirmed_at = coalesce(confirmed_at, clock_now()) where id = $1
            """, account.UserId, hash).RunAsync(cancellationToken);
        await AccountLinks.EndAsync(connection, account.UserId, null, cancellationToken);
        await AuditLog.AppendAsync(connection, account.UserId, by.As(account.UserId), "password.reset", null, cancellationToken);
        await mails.AddAsync(connection, texts.Changed(account.UserId, account.Email, account.Language, Guid.CreateVersion7(), kept), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.PasswordChanged(account.UserId);
        mails.Wake();
        return kept;
    }
}
