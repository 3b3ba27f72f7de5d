using System.Security.Cryptography;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Codes for whoever has lost the authenticator. Each works once; only their hashes are kept, and 120 random bits need no slow hash.</summary>
internal static class RecoveryCodes
{
    public const int Count = 10;
    private const int Bytes = 15, Group = 6, Letters = 24;

    /// <summary>Makes new ones in place of all that there were.</summary>
    /// <returns>As they are shown, once: four groups of six letters and digits.</returns>
    public static async Task<IReadOnlyList<string>> RenewAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellationToken)
    {
        var codes = Enumerable.Range(0, Count).Select(_ => Base32.Encode(RandomNumberGenerator.GetBytes(Bytes))).ToList();
        await connection.Sql("delete from recovery_codes where user_id = $1", userId).RunAsync(cancellationToken);
        await connection.Sql("insert into recovery_codes (code_hash, user_id) select unnest($2::bytea[]), $1", userId, codes.Select(Secret.HashOf).ToArray()).RunAsync(cancellationToken);
        return [.. codes.Select(code => string.Join('-', code.Chunk(Group).Select(group => new string(group))))];
    }

    /// <summary>Uses one up; false when it is none of this account's or was used.</summary>
    public static async Task<bool> UseAsync(Database database, Guid userId, string code, CancellationToken cancellationToken) =>
        Plain(code) is { Length: Letters } plain && await database.Sql(
            "update recovery_codes set used_at = clock_now() where code_hash = $1 and user_id = $2 and used_at is null", Secret.HashOf(plain), userId).RunAsync(cancellationToken) == 1;

    private static string Plain(string typed) => string.Concat(typed.Where(c => c is not ('-' or ' '))).ToUpperInvariant();
}
