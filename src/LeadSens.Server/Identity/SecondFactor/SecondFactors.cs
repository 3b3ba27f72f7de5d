using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Identity;

internal enum CodeCheck
{
    /// <summary>The account has no second factor.</summary>
    NotNeeded,
    Missing,
    Wrong,
    Right,
    RightByRecovery,
}

/// <summary>Checks the codes of an account's authenticator app. A code is taken once, and never one that is older than one that was taken.</summary>
internal sealed class SecondFactors(Database database, SecretBox box)
{
    public async Task<CodeCheck> CheckAsync(Guid userId, string? code, CancellationToken cancellationToken)
    {
        if (await FindAsync(userId, confirmed: true, cancellationToken) is not var (secret, now)) return CodeCheck.NotNeeded;
        if (string.IsNullOrWhiteSpace(code)) return CodeCheck.Missing;
        var typed = code.Trim();
        if (Totp.StepOf(secret, typed.Replace(" ", "", StringComparison.Ordinal), now) is { } step)
            return await TakeAsync(userId, step, cancellationToken) ? CodeCheck.Right : CodeCheck.Wrong;
        return await RecoveryCodes.UseAsync(database, userId, typed, cancellationToken) ? CodeCheck.RightByRecovery : CodeCheck.Wrong;
    }

    public async Task<bool> IsOnAsync(Guid userId, CancellationToken cancellationToken) => await FindAsync(userId, confirmed: true, cancellationToken) is not null;

    /// <summary>Keeps a new secret until a code of it is shown; false when the account has a factor that counts.</summary>
    public async Task<bool> ProposeAsync(Guid userId, byte[] secret, CancellationToken cancellationToken) => await database.Sql("""
        insert into second_factors (user_id, sealed_secret, created_at) values ($1, $2, clock_now())
        on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0, created_at = excluded.created_at where second_factors.confirmed_at is null
        """, userId, box.Seal(secret, SealedColumns.SecondFactors.ContextOf(userId.ToString()))).RunAsync(cancellationToken) == 1;

    /// <summary>Lets the proposed secret count from now on; false when the code is not one of it.</summary>
    public async Task<bool> ConfirmAsync(NpgsqlConnection connection, Guid userId, string? code, CancellationToken cancellationToken) =>
        await FindAsync(userId, confirmed: false, cancellationToken) is var (secret, now) && Totp.StepOf(secret, code?.Trim() ?? "", now) is { } step
        && await TakeAsync(connection, userId, step, confirm: true, cancellationToken);

    private async Task<(byte[] Secret, DateTimeOffset Now)?> FindAsync(Guid userId, bool confirmed, CancellationToken cancellationToken)
    {
        var (found, now) = await database.Sql("select sealed_secret, clock_now() from second_factors where user_id = $1 and (confirmed_at is not null) = $2", userId, confirmed)
            .FirstAsync(row => (row.GetFieldValue<byte[]>(0), row.GetFieldValue<DateTimeOffset>(1)), cancellationToken);
        return found is null ? null : (box.Open(found, SealedColumns.SecondFactors.ContextOf(userId.ToString())), now);
    }

    private async Task<bool> TakeAsync(Guid userId, long step, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await TakeAsync(connection, userId, step, confirm: false, cancellationToken);
    }

    /// <summary>Of two that show the same code at the same moment one gets in.</summary>
    private static async Task<bool> TakeAsync(NpgsqlConnection connection, Guid userId, long step, bool confirm, CancellationToken cancellationToken) => await connection.Sql("""
        update second_factors set last_step = $2, confirmed_at = coalesce(confirmed_at, case when $3 then clock_now() end)
        where user_id = $1 and last_step < $2 and (confirmed_at is null) = $3
        """, userId, step, confirm).RunAsync(cancellationToken) == 1;
}
