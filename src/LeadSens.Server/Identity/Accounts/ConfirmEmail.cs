using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.Pages;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>Shows that an address belongs to whoever opens its mail, and lets them set the account's password: a password that was typed before is anybody's, who can
/// register a stranger's address as often as they like. Scanners open links as well, and set none.</summary>
internal sealed class ConfirmEmail(Database database, Logins logins, Passwords passwords, AccountMails texts, Mails mails)
{
    private const string ConfirmSql = """
        with link as (
            update account_links set used_at = clock_now() where token_hash = $1 and purpose = 'confirm' and used_at is null and expires_at > clock_now()
            returning user_id, first_name, last_name, invitation_hash)
        update users u set confirmed_at = clock_now(), failed_logins = 0, locked_until = null,
            first_name = link.first_name, last_name = link.last_name, password_hash = $2
        from link where u.id = link.user_id and u.confirmed_at is null
        returning u.id, link.invitation_hash
        """;

    public sealed record ResendRequest(string? Email, string? Password) : INamesAccount;

    public static async Task<IResult> ShowAsync(string token, HttpContext context, Database database, CancellationToken cancellationToken) =>
        await AccountLinks.FindAsync(database, token, AccountLinks.Confirm, cancellationToken) is { } account
            ? PublicPage.Of(context, StatusCodes.Status200OK, account.Language, AccountPages.Confirm(account, token, await Invitations.BroughtAsync(database, token, cancellationToken), null))
            : AccountPages.Unknown(context);

    public static async Task<IResult> PostAsync(string token, HttpContext context, ConfirmEmail confirm, Database database, CancellationToken cancellationToken)
    {
        if (await context.FormAsync(cancellationToken) is not { } form) return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        if (await AccountLinks.FindAsync(database, token, AccountLinks.Confirm, cancellationToken) is not { } account) return AccountPages.Unknown(context);
        var (password, errors) = (form["password"].ToString(), new FieldErrors());
        AccountRules.CheckPassword(errors, "password", password, account.Email);
        if (errors.Any)
            return PublicPage.Of(context, StatusCodes.Status400BadRequest, account.Language,
                AccountPages.Confirm(account, token, await Invitations.BroughtAsync(database, token, cancellationToken), AccountPages.PasswordRule(account.Language)));
        return await confirm.ExecuteAsync(token, account.UserId, password, form["join"] == "yes", AuditActor.Of(context), cancellationToken)
            ? PublicPage.Of(context, StatusCodes.Status200OK, account.Language, AccountPages.Confirmed(account.Language)) : AccountPages.Unknown(context);
    }

    /// <summary>Sends the link again to whoever knows the account's password. The answer is always the same.</summary>
    public static async Task<Accepted<Register.Asked>> ResendAsync(ResendRequest request, HttpContext context, ConfirmEmail confirm, CancellationToken cancellationToken)
    {
        await confirm.SendAgainAsync(request.Email, request.Password, AuditActor.Of(context), cancellationToken);
        return TypedResults.Accepted((string?)null, new Register.Asked("If there is such an account and its address is not confirmed yet, a mail was sent to it."));
    }

    public Task<bool> IsConfirmedAsync(Guid userId, CancellationToken cancellationToken) =>
        database.Sql("select confirmed_at is not null from users where id = $1", userId).FirstAsync(row => row.GetBoolean(0), cancellationToken);

    private async Task SendAgainAsync(string? email, string? password, AuditActor by, CancellationToken cancellationToken)
    {
        if ((await logins.CheckAsync(email, password, null, by, null, cancellationToken)).UserId is { } userId) await SendAgainAsync(userId, cancellationToken);
    }

    /// <summary>The person has just shown the password.</summary>
    public async Task SendAgainAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (email, language, registration) = await connection.Sql("""
            select u.email, u.language, u.first_name, u.last_name, u.password_hash,
                (select l.invitation_hash from account_links l where l.user_id = u.id and l.password_hash = u.password_hash and l.invitation_hash is not null limit 1)
            from users u where u.id = $1 and u.confirmed_at is null for update of u
            """, userId).FirstAsync(row => (row.GetString(0), row.GetString(1), new Registration(row.GetString(2), row.GetString(3), row.GetString(4), row.Nullable<byte[]>(5))), cancellationToken);
        if (registration is null || await AccountLinks.NewAsync(connection, userId, AccountLinks.Confirm, registration, cancellationToken) is not { } link) return;
        await mails.AddAsync(connection, texts.Confirm(userId, email, language, link), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        mails.Wake();
    }

    private async Task<bool> ExecuteAsync(string token, Guid account, string password, bool joins, AuditActor by, CancellationToken cancellationToken)
    {
        var hash = passwords.Hash(password);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await EndEverything.ExecuteAsync(connection, account, "confirmed", cancellationToken);
        var (userId, invitation) = await connection.Sql(ConfirmSql, Secret.HashOf(token), hash).FirstAsync(row => (row.GetGuid(0), row.Nullable<byte[]>(1)), cancellationToken);
        if (userId == Guid.Empty) return false;
        await AccountLinks.EndAsync(connection, userId, AccountLinks.Confirm, cancellationToken);
        await AuditLog.AppendAsync(connection, userId, by.As(userId), "account.confirmed", null, cancellationToken);
        if (joins && invitation is not null) await JoinWorkspace.ExecuteAsync(connection, invitation, userId, by.As(userId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
