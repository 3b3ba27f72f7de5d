using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>What was opened or handed out in an account's name by whoever held it before its address was proved: it ends with the new password. A second
/// factor of a confirmed account stays, so that a mailbox alone opens none.</summary>
internal static class EndEverything
{
    private static readonly string[] Statements =
    [
        "delete from api_keys where made_by = $1",
        "delete from workspace_invitations where invited_by = $1 and used_at is null",
        "delete from approval_tokens where user_id = $1 and used_at is null",
        "delete from known_devices where user_id = $1",
        "update users set resets = resets + 1 where id = $1",
        "delete from recovery_codes where user_id = $1 and (select confirmed_at is null from users where id = $1)",
        "delete from second_factors where user_id = $1 and (confirmed_at is null or (select confirmed_at is null from users where id = $1))",
    ];

    /// <summary>In the transaction that proves the address, before it marks the account confirmed.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, Guid userId, string reason, CancellationToken cancellationToken)
    {
        foreach (var sql in Statements) await connection.Sql(sql, userId).RunAsync(cancellationToken);
        await Sessions.EndAsync(connection, userId, null, null, reason, cancellationToken);
    }
}
