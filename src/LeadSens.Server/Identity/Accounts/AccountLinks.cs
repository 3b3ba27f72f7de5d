using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>What somebody registered: names and invitation become the account's when the link that was sent for it is followed. The password never does.</summary>
internal sealed record Registration(string FirstName, string LastName, string PasswordHash, byte[]? InvitationHash);

/// <summary>Links that a person gets by mail to show that an address is theirs: 256 random bits, kept as their hash, good once.</summary>
internal static class AccountLinks
{
    public const string Confirm = "confirm", Reset = "reset";

    public static readonly TimeSpan ConfirmTime = TimeSpan.FromDays(2), ResetTime = TimeSpan.FromHours(1);

    /// <summary>Nobody's mailbox is filled by others who type its address.</summary>
    private const int MostPerDay = 10;

    private const string InsertSql = """
        insert into account_links (token_hash, user_id, purpose, first_name, last_name, password_hash, invitation_hash, created_at, expires_at)
        select $1, $2, $3, $4::text, $5::text, $6::text, $7::bytea, clock_now(), clock_now() + $8
        where (select count(*) from account_links where user_id = $2 and purpose = $3 and created_at > clock_now() - interval '1 day') < $9
        """;

    /// <summary>A fresh link in the caller's transaction, which holds the account's row; null where there were too many today.</summary>
    public static async Task<Secret?> NewAsync(NpgsqlConnection connection, Guid userId, string purpose, Registration? registration, CancellationToken cancellationToken)
    {
        var (secret, lifetime) = purpose == Reset ? (Secret.New(Secret.Reset), ResetTime) : (Secret.New(Secret.Confirmation), ConfirmTime);
        var made = await connection.Sql(InsertSql, secret.Hash, userId, purpose, registration?.FirstName, registration?.LastName, registration?.PasswordHash, registration?.InvitationHash, lifetime, MostPerDay)
            .RunAsync(cancellationToken);
        return made == 1 ? secret : null;
    }

    /// <summary>Whether the link opens something, without using it.</summary>
    public static Task<LinkedAccount?> FindAsync(Database database, string token, string purpose, CancellationToken cancellationToken) => database.Sql("""
        select u.id, u.email, u.language from account_links l join users u on u.id = l.user_id
        where l.token_hash = $1 and l.purpose = $2 and l.used_at is null and l.expires_at > clock_now()
        """, Secret.HashOf(token), purpose).FirstAsync(row => new LinkedAccount(row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken);

    /// <summary>Ends the account's links for this purpose, or all of them.</summary>
    public static Task<int> EndAsync(NpgsqlConnection connection, Guid userId, string? purpose, CancellationToken cancellationToken) => connection.Sql("""
        update account_links set used_at = clock_now(), password_hash = null where user_id = $1 and ($2::text is null or purpose = $2) and used_at is null
        """, userId, purpose).RunAsync(cancellationToken);
}

/// <summary>Whose link it is.</summary>
internal sealed record LinkedAccount(Guid UserId, string Email, string Language);
