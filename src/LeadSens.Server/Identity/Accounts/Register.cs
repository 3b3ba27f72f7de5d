using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Asks for an account with a workspace of its own. The answer is the same whether or not the address has one: only its owner is told which, by mail. Takes
/// from the body what is named here and nothing else.</summary>
internal sealed class Register(Database database, Passwords passwords, AccountMails texts, Mails mails, TimeProvider clock, ILogger<SignIn> log)
{
    /// <param name="Language">en or fr; absent: what the browser asks for.</param>
    /// <param name="Invitation">The token of an invitation. Whoever confirms the address is asked whether to join; who does not may still use it.</param>
    public sealed record Request(
        [property: Required] string? FirstName, [property: Required] string? LastName, [property: Required] string? Email, [property: Required] string? Password,
        [property: OneOf("Language", Mail.Language.English, Mail.Language.French)] string? Language = null, string? Invitation = null)
    {
        public FieldErrors Check()
        {
            var errors = new FieldErrors();
            AccountRules.CheckName(errors, "firstName", FirstName);
            AccountRules.CheckName(errors, "lastName", LastName);
            AccountRules.CheckEmail(errors, Email);
            AccountRules.CheckPassword(errors, "password", Password, Email);
            errors.Require(Language is null || Mail.Language.IsKnown(Language), "language", "en or fr.");
            return errors;
        }
    }

    /// <param name="Next">What to do now.</param>
    public sealed record Asked(string Next);

    public static async Task<Results<Accepted<Asked>, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, Register register, CancellationToken cancellationToken)
    {
        var errors = request.Check();
        if (errors.Any) return Problems.Validation(errors.ByField);
        await register.ExecuteAsync(request, request.Language ?? Language.Of(context.Request), AuditActor.Of(context), cancellationToken);
        return TypedResults.Accepted((string?)null, new Asked("Open the mail that was sent to this address, and confirm it. Then sign in."));
    }

    /// <summary>The request is checked.</summary>
    public async Task ExecuteAsync(Request request, string language, AuditActor by, CancellationToken cancellationToken)
    {
        var invitation = request.Invitation is { } token ? Secret.HashOf(token) : null;
        var registration = new Registration(request.FirstName!.Trim(), request.LastName!.Trim(), passwords.Hash(request.Password!), invitation);
        var email = request.Email!.Trim();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var id = await InsertAsync(connection, registration, email, language, cancellationToken);
        var (userId, confirmed, known) = id is { } added ? (added, false, language) : await FindAsync(connection, email, cancellationToken);
        if (id is not null) await AuditLog.AppendAsync(connection, userId, by.As(userId), "account.registered", null, cancellationToken);
        var mail = confirmed ? texts.Exists(userId, email, known, clock.GetUtcNow()) : await ConfirmationAsync(connection, userId, email, language, registration, cancellationToken);
        if (mail is not null) await mails.AddAsync(connection, mail, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (id is not null) log.AccountRegistered(userId);
        mails.Wake();
    }

    private async Task<MailMessage?> ConfirmationAsync(NpgsqlConnection connection, Guid userId, string email, string language, Registration registration, CancellationToken cancellationToken)
    {
        // Of several registrations the last one's password is what logging in compares, until one of their links is followed.
        await connection.Sql("update users set first_name = $2, last_name = $3, password_hash = $4, language = $5 where id = $1 and confirmed_at is null",
            userId, registration.FirstName, registration.LastName, registration.PasswordHash, language).RunAsync(cancellationToken);
        return await AccountLinks.NewAsync(connection, userId, AccountLinks.Confirm, registration, cancellationToken) is { } link ? texts.Confirm(userId, email, language, link) : null;
    }

    /// <summary>Account, workspace and membership, all or nothing; null where the address has an account.</summary>
    private static Task<Guid?> InsertAsync(NpgsqlConnection connection, Registration registration, string email, string language, CancellationToken cancellationToken) => connection.Sql("""
        with person as (
            insert into users (id, email, email_key, first_name, last_name, password_hash, language, created_at) values ($1, $2, $3, $4, $5, $6, $10, clock_now())
            on conflict (email_key) do nothing returning id),
        place as (insert into workspaces (id, name, language) select $7, $8, $10 from person returning id)
        insert into workspace_members (workspace_id, user_id, role, created_at) select place.id, person.id, $9, clock_now() from person, place returning user_id
        """, Guid.CreateVersion7(), email, EmailAddress.KeyOf(email)!, registration.FirstName, registration.LastName, registration.PasswordHash, Guid.CreateVersion7(),
        $"{registration.FirstName}'s workspace", Roles.Owner, language).FirstAsync(row => (Guid?)row.GetGuid(0), cancellationToken);

    private static Task<(Guid Id, bool Confirmed, string Language)> FindAsync(NpgsqlConnection connection, string email, CancellationToken cancellationToken) =>
        connection.Sql("select id, confirmed_at is not null, language from users where email_key = $1 for update", EmailAddress.KeyOf(email)!)
            .FirstAsync(row => (row.GetGuid(0), row.GetBoolean(1), row.GetString(2)), cancellationToken);
}
