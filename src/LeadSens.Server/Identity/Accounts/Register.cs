using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Makes an account with a workspace of its own, and signs in. Takes from the body what is named here and nothing else.</summary>
internal static class Register
{
    public sealed record Request(string? FirstName, string? LastName, string? Email, string? Password)
    {
        public FieldErrors Check()
        {
            var errors = new FieldErrors();
            AccountRules.CheckName(errors, "firstName", FirstName);
            AccountRules.CheckName(errors, "lastName", LastName);
            AccountRules.CheckEmail(errors, Email);
            AccountRules.CheckPassword(errors, "password", Password, Email);
            return errors;
        }
    }

    public static async Task<Results<Created<SignedIn>, ProblemHttpResult>> HandleAsync(
        Request request, bool? cookie, HttpContext context, NpgsqlDataSource database, Passwords passwords, SignIn signIn, ILogger<SignIn> log, CancellationToken cancellationToken)
    {
        var errors = request.Check();
        if (errors.Any) return Problems.Validation(errors.ByField);
        if (await InsertAsync(database, request, passwords.Hash(request.Password!), AuditActor.Of(context), cancellationToken) is not { } id)
            return Problems.Conflict("account_exists", "There is an account with this e-mail address. Sign in instead.");
        log.AccountRegistered(id);
        return TypedResults.Created("/api/auth/me", await signIn.ExecuteAsync(context, id, cookie ?? false, cancellationToken));
    }

    /// <summary>Account, workspace and membership, all or nothing; null where the address has an account.</summary>
    private static async Task<Guid?> InsertAsync(NpgsqlDataSource database, Request request, string passwordHash, AuditActor by, CancellationToken cancellationToken)
    {
        var (id, first) = (Guid.CreateVersion7(), request.FirstName!.Trim());
        var made = await database.ChangeNotedAsync((connection, token) => AuditLog.AppendAsync(connection, id, by.As(id), "account.registered", null, token), connection => connection.Sql("""
            with person as (
                insert into users (id, email, email_key, first_name, last_name, password_hash, created_at) values ($1, $2, $3, $4, $5, $6, clock_now())
                on conflict (email_key) do nothing returning id),
            place as (insert into workspaces (id, name) select $7, $8 from person returning id)
            insert into workspace_members (workspace_id, user_id, role, created_at) select place.id, person.id, $9, clock_now() from person, place
            """, id, request.Email!.Trim(), EmailAddress.KeyOf(request.Email)!, first, request.LastName!.Trim(), passwordHash, Guid.CreateVersion7(), $"{first}'s workspace", Roles.Owner)
            .RunAsync(cancellationToken), cancellationToken);
        return made == 1 ? id : null;
    }
}
