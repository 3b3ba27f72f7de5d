using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Suppressions;

/// <summary>A workspace's salt as HMAC-SHA256 takes it: the two padded blocks, so that the database can hash a whole list where it is.</summary>
internal sealed record SuppressionKey(byte[] Inner, byte[] Outer)
{
    private const int Block = 64;

    public static SuppressionKey Of(byte[] salt) => new(Pad(salt, 0x36), Pad(salt, 0x5c));

    /// <param name="key">An address's key.</param>
    public byte[] HashOf(string key) => SHA256.HashData([.. Outer, .. SHA256.HashData([.. Inner, .. Encoding.UTF8.GetBytes(key)])]);

    private static byte[] Pad(byte[] salt, byte with)
    {
        var block = new byte[Block];
        salt.CopyTo(block, 0);
        for (var i = 0; i < Block; i++) block[i] ^= with;
        return block;
    }
}

/// <summary>Each workspace's salt: random, made when it is first needed, kept under seal. It never changes, so hashes outlive every rotation of the
/// encryption key; and who has the database without that key can try no address against them.</summary>
internal sealed class SuppressionKeys(Database database, SecretBox box)
{
    private const int SaltBytes = 32, Most = 10_000;

    /// <summary>A salt that the caller's own transaction made may go with it.</summary>
    private const string ReadSql = """
        select sealed_salt, xmin is distinct from pg_current_xact_id_if_assigned()::xid from workspace_salts where workspace_id = $1
        """;

    private readonly ConcurrentDictionary<Guid, SuppressionKey> known = new();

    public async ValueTask<SuppressionKey> OfAsync(Guid workspaceId, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(workspaceId, out var key)) return key;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await OfAsync(connection, workspaceId, cancellationToken);
    }

    /// <summary>For whoever holds a connection already: a second one might never come free.</summary>
    public async ValueTask<SuppressionKey> OfAsync(NpgsqlConnection connection, Guid workspaceId, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(workspaceId, out var key)) return key;
        var context = SealedColumns.WorkspaceSalts.ContextOf(workspaceId.ToString());
        await connection.Sql("insert into workspace_salts (workspace_id, sealed_salt, created_at) values ($1, $2, clock_now()) on conflict do nothing",
            workspaceId, box.Seal(RandomNumberGenerator.GetBytes(SaltBytes), context)).RunAsync(cancellationToken);
        var (envelope, stays) = await connection.Sql(ReadSql, workspaceId).FirstAsync(row => (row.GetFieldValue<byte[]>(0), row.GetBoolean(1)), cancellationToken);
        key = SuppressionKey.Of(box.Open(envelope, context));
        if (!stays) return key;
        if (known.Count >= Most) known.Clear();
        return known[workspaceId] = key;
    }
}
