using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Checks passwords, and locks an account for a while after too many wrong ones. An attempt is counted before its password is looked
/// at, so that a hundred at once are a hundred.</summary>
internal sealed class Logins(NpgsqlDataSource database, Passwords passwords, IHostEnvironment environment, ILogger<Logins> log)
{
    public const int FreeAttempts = 10;

    /// <summary>From the tenth attempt on 1, 2, 4, 8, then 15 minutes.</summary>
    private const string CountSql = """
        update users set failed_logins = failed_logins + 1,
            locked_until = case when failed_logins + 1 >= $2 then clock_now() + least(15, power(2, least(failed_logins + 1 - $2, 4))) * interval '1 minute' end
        where email_key = $1 and id <> $3 and (locked_until is null or locked_until <= clock_now())
        returning id, password_hash
        """;

    /// <summary>Whose password this is; null, after the same time, for a wrong password, a locked account and an unknown address.</summary>
    public async Task<Guid?> CheckAsync(string? email, string? password, CancellationToken cancellationToken)
    {
        var (id, hash) = await database.Sql(CountSql, EmailAddress.KeyOf(email) ?? "", FreeAttempts, environment.IsProduction() ? DemoWorkspace.UserId : Guid.Empty)
            .FirstAsync(row => (row.GetGuid(0), (string?)row.GetString(1)), cancellationToken);
        if (!passwords.Verify(hash, password is { Length: <= AccountRules.LongestPassword } ? password : "", out var betterHash))
        {
            if (hash is not null) log.LoginRefused(id);
            return null;
        }

        await database.Sql("update users set failed_logins = 0, locked_until = null, password_hash = coalesce($2::text, password_hash) where id = $1", id, betterHash)
            .RunAsync(cancellationToken);
        return id;
    }

    public async Task<Guid?> CheckAsync(Guid userId, string? password, CancellationToken cancellationToken) =>
        await CheckAsync(await database.Sql("select email_key from users where id = $1", userId).FirstAsync(row => row.GetString(0), cancellationToken), password, cancellationToken);
}
