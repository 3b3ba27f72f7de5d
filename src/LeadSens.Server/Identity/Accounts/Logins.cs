using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <param name="UserId">Whose login it is; null when it is refused.</param>
/// <param name="NeedsCode">The password was right, and the code of the account's authenticator is missing.</param>
internal readonly record struct LoginCheck(Guid? UserId, bool NeedsCode);

/// <summary>Checks passwords and the codes of authenticators, and locks an account for a while after too many wrong ones. An attempt is counted before its password is looked
/// at, so that a hundred at once are a hundred, and forgiven only when all of it was right. A person who is signed in is asked again with a counter of the session's own, and a
/// device that signed in before has its own: strangers who lock the account do not lock its owner out of it.</summary>
internal sealed class Logins(Database database, Passwords passwords, SecondFactors secondFactors, IHostEnvironment environment, ILogger<Logins> log)
{
    public const int FreeAttempts = 10;

    /// <summary>From the tenth attempt on 1, 2, 4, 8, then 15 minutes.</summary>
    private const string CountSql = """
        update users set failed_logins = failed_logins + 1,
            locked_until = case when failed_logins + 1 >= $2 then clock_now() + least(15, power(2, least(failed_logins + 1 - $2, 4))) * interval '1 minute' end
        where email_key = $1 and id <> $3 and (locked_until is null or locked_until <= clock_now())
        returning id, password_hash, locked_until is not null
        """;

    private const string CountOnDeviceSql = """
        update known_devices d set failed_logins = d.failed_logins + 1,
            locked_until = case when d.failed_logins + 1 >= $2 then clock_now() + least(15, power(2, least(d.failed_logins + 1 - $2, 4))) * interval '1 minute' end
        from users u where d.id = $4 and u.id = d.user_id and u.email_key = $1 and u.id <> $3 and d.last_used_at > clock_now() - interval '180 days'
            and (d.locked_until is null or d.locked_until <= clock_now())
        returning u.id, u.password_hash, d.locked_until is not null
        """;

    private const string CountInSessionSql = """
        update user_sessions s set failed_checks = failed_checks + 1,
            checks_locked_until = case when failed_checks + 1 >= $2 then clock_now() + least(15, power(2, least(failed_checks + 1 - $2, 4))) * interval '1 minute' end
        from users u where s.id = $1 and s.user_id = $3 and u.id = s.user_id and s.ended_at is null and (s.checks_locked_until is null or s.checks_locked_until <= clock_now())
        returning u.id, u.password_hash, s.checks_locked_until is not null
        """;

    /// <summary>A password that was changed since it was looked at is no longer right, and its hash is not overwritten.</summary>
    private const string ForgiveSql = "update users set failed_logins = 0, locked_until = null, password_hash = coalesce($2::text, password_hash) where id = $1 and password_hash = $3";

    private const string ForgiveOnDeviceSql = """
        with right_one as (update users set password_hash = coalesce($2::text, password_hash) where id = $1 and password_hash = $3 returning id)
        update known_devices d set failed_logins = 0, locked_until = null from right_one where d.id = $4
        """;

    private const string ForgiveInSessionSql = """
        with right_one as (update users set password_hash = coalesce($2::text, password_hash) where id = $1 and password_hash = $3 returning id)
        update user_sessions s set failed_checks = 0, checks_locked_until = null from right_one where s.id = $4
        """;

    /// <summary>Whose login this is; refused, after the same time, for a wrong password, a locked account and an unknown address.</summary>
    /// <param name="code">Of the authenticator, or a recovery code; counts only where the account has a second factor.</param>
    /// <param name="device">Where it comes from, as <see cref="KnownDevices"/> knows it. What is no device of the account, or is locked itself, counts at the account.</param>
    public async Task<LoginCheck> CheckAsync(string? email, string? password, string? code, AuditActor by, Guid? device, CancellationToken cancellationToken)
    {
        var (key, nobody) = (EmailAddress.KeyOf(email) ?? "", environment.IsProduction() ? DemoWorkspace.UserId : Guid.Empty);
        if (device is { } known && await database.Sql(CountOnDeviceSql, key, FreeAttempts, nobody, known).FirstAsync(CountedIn, cancellationToken) is { Hash: not null } there)
            return await JudgeAsync(there, password, code, by, better => database.Sql(ForgiveOnDeviceSql, there.Id, better, there.Hash, known).RunAsync(cancellationToken), cancellationToken);
        var counted = await database.Sql(CountSql, key, FreeAttempts, nobody).FirstAsync(CountedIn, cancellationToken);
        return await JudgeAsync(counted, password, code, by, better => database.Sql(ForgiveSql, counted.Id, better, counted.Hash).RunAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Asks a person who is signed in once more.</summary>
    public async Task<LoginCheck> CheckAsync(Person person, string? password, string? code, AuditActor by, CancellationToken cancellationToken)
    {
        var counted = await database.Sql(CountInSessionSql, person.SessionId, FreeAttempts, person.UserId).FirstAsync(CountedIn, cancellationToken);
        return await JudgeAsync(counted, password, code, by, better => database.Sql(ForgiveInSessionSql, counted.Id, better, counted.Hash, person.SessionId).RunAsync(cancellationToken), cancellationToken);
    }

    private static (Guid Id, string? Hash, bool Locked) CountedIn(NpgsqlDataReader row) => (row.GetGuid(0), row.GetString(1), row.GetBoolean(2));

    private async Task<LoginCheck> JudgeAsync(
        (Guid Id, string? Hash, bool Locked) counted, string? password, string? code, AuditActor by, Func<string?, Task<int>> forgive, CancellationToken cancellationToken)
    {
        var (id, hash, locked) = counted;
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

        if (await forgive(betterHash) == 0) return default;
        if (second == CodeCheck.RightByRecovery) await NoteRecoveryAsync(id, by, cancellationToken);
        return new(id, NeedsCode: false);
    }

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
