using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <param name="UserId">Whose login it is; null when it is refused.</param>
/// <param name="NeedsCode">The password was right, and the code of the account's authenticator is missing.</param>
internal readonly record struct LoginCheck(Guid? UserId, bool NeedsCode);

/// <summary>Checks passwords and the codes of authenticators, and locks an account for a while after too many wrong ones. An attempt is counted before its password is looked
/// at, so that a hundred at once are a hundred, and forgiven only when all of it was right.</summary>
internal sealed class Logins(NpgsqlDataSource database, Passwords passwords, SecondFactors secondFactors, IHostEnvironment environment, ILogger<Logins> log)
{
    public const int FreeAttempts = 10;

    /// <summary>From the tenth attempt on 1, 2, 4, 8, then 15 minutes.</summary>
    private const string CountSql = """
        update users set failed_logins = failed_logins + 1,
            locked_until = case when failed_logins + 1 >= $2 then clock_now() + least(15, power(2, least(failed_logins + 1 - $2, 4))) * interval '1 minute' end
        where email_key = $1 and id <> $3 and (locked_until is null or locked_until <= clock_now())
        returning id, password_hash, locked_until is not null
        """;

    /// <summary>Whose login this is; refused, after the same time, for a wrong password, a locked account and an unknown address.</summary>
    /// <param name="code">Of the authenticator, or a recovery code; counts only where the account has a second factor.</param>
    public async Task<LoginCheck> CheckAsync(string? email, string? password, string? code, AuditActor by, CancellationToken cancellationToken)
    {
        var (id, hash, locked) = await database.Sql(CountSql, EmailAddress.KeyOf(email) ?? "", FreeAttempts, environment.IsProduction() ? DemoWorkspace.UserId : Guid.Empty)
            .FirstAsync(row => (row.GetGuid(0), (string?)row.GetString(1), row.GetBoolean(2)), cancellationToken);
        if (!passwords.Verify(hash, password is { Length: <= AccountRules.LongestPassword } ? password : "", out var betterHash))
        {
            if (hash is not null) await NoteAsync(id, locked, by, cancellationToken);
            return default;
        }

        var second = await secondFactors.CheckAsync(id, code, cancellationToken);
        if (second == CodeCheck.Missing) return new(null, NeedsCode: true);
        if (second == CodeCheck.Wrong)
        {
            await NoteAsync(id, locked, by, cancellationToken);
            return default;
        }

        await database.Sql("update users set failed_logins = 0, locked_until = null, password_hash = coalesce($2::text, password_hash) where id = $1", id, betterHash)
            .RunAsync(cancellationToken);
        if (second == CodeCheck.RightByRecovery) await NoteRecoveryAsync(id, by, cancellationToken);
        return new(id, NeedsCode: false);
    }

    /// <summary>Asks a person who is signed in once more.</summary>
    public async Task<LoginCheck> CheckAsync(Guid userId, string? password, string? code, AuditActor by, CancellationToken cancellationToken) => await CheckAsync(
        await database.Sql("select email_key from users where id = $1", userId).FirstAsync(row => row.GetString(0), cancellationToken), password, code, by, cancellationToken);

    /// <summary>Attempts that were counted, so that guessing cannot fill the log: a locked account and an unknown address are not noted.</summary>
    private async Task NoteAsync(Guid userId, bool locked, AuditActor by, CancellationToken cancellationToken)
    {
        log.LoginRefused(userId);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, userId, by, "login.refused", locked ? new JsonObject { ["locked"] = true } : null, cancellationToken);
    }

    private async Task NoteRecoveryAsync(Guid userId, AuditActor by, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, userId, by.As(userId), "recovery_code.used", null, cancellationToken);
    }
}
