using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Secrets;

/// <summary>With which master keys the installation has sealed, and which of them are closed. A node that begins to seal and a rotation that closes take turns,
/// so that none seals with a key that was closed meanwhile; triggers refuse what one would send all the same.</summary>
internal static class SealingKeys
{
    private const string TurnSql = "lock table sealing_keys in share row exclusive mode";

    private const string UsedSql = "insert into sealing_keys (key_id, used_since) select id, clock_now() from unnest($1::text[]) u (id) on conflict do nothing";

    /// <summary>Before the node seals anything.</summary>
    /// <exception cref="DatabaseException">A rotation has replaced the key.</exception>
    public static async Task UseAsync(Database database, Guid nodeId, MasterKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TakeTurnAsync(connection, cancellationToken);
        await NoteAsync(connection, [key.ToString()], cancellationToken);
        if (await IsClosedAsync(connection, key, cancellationToken)) throw new DatabaseException(Closed(key));
        await connection.Sql("update nodes set sealing_key = $2 where id = $1", nodeId, key.ToString()).RunAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public static Task<List<string>> ClosedAsync(Database database, CancellationToken cancellationToken) =>
        database.Sql("select key_id from sealing_keys where closed_at is not null").ListAsync(row => row.GetString(0), cancellationToken);

    public static Task NoteAsync(NpgsqlConnection connection, string[] ids, CancellationToken cancellationToken) => connection.Sql(UsedSql, (object)ids).RunAsync(cancellationToken);

    public static Task<bool> IsClosedAsync(NpgsqlConnection connection, MasterKey key, CancellationToken cancellationToken) =>
        connection.Sql("select true from sealing_keys where key_id = $1 and closed_at is not null", key.ToString()).FirstAsync(row => row.GetBoolean(0), cancellationToken);

    public static string Closed(MasterKey key) => $"LeadSens__EncryptionKey is the key {key}, which rotate-keys has replaced: it opens and seals nothing any more.";

    /// <summary>Closes the keys that were in use and are replaced, unless something is still sealed with another than today's, or a node goes on with one.</summary>
    /// <returns>What stands in the way; null when they are closed.</returns>
    public static async Task<string?> CloseAsync(Database database, MasterKeys keys, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TakeTurnAsync(connection, cancellationToken);
        if (await Nodes.CountOthersAsync(connection, keys.Current.ToString(), cancellationToken) is var others and > 0)
            return $"{others} Server(s) still seal with another key: restart them with the key of today, and run this again. Until then the previous keys go on to open what they sealed.";
        foreach (var column in SealedColumns.All)
            if (await HasOfAnotherKeyAsync(connection, column, keys.Current, cancellationToken))
                return $"Something was sealed with a previous key meanwhile ({column.Table}.{column.Column}): run this again.";
        await connection.Sql("update sealing_keys set closed_at = clock_now() where key_id = any($1) and closed_at is null", (object)keys.Previous.Select(key => key.ToString()).ToArray()).RunAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>For as long as a rotation takes that looks for the last time through large tables.</summary>
    private static Task<int> TakeTurnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var turn = connection.Sql(TurnSql);
        turn.CommandTimeout = 600;
        return turn.RunAsync(cancellationToken);
    }

    private static async Task<bool> HasOfAnotherKeyAsync(NpgsqlConnection connection, SealedColumn column, MasterKey key, CancellationToken cancellationToken)
    {
        string[]? after = null;
        do
        {
            var part = await TablePart.BehindAsync(connection, column, after, cancellationToken);
            if (await connection.Sql($"select true from {column.Table} where {column.IsOfAnotherKey} and {part.Condition(column, first: 2)} limit 1", [key.Id, .. part.Values])
                .FirstAsync(row => row.GetBoolean(0), cancellationToken)) return true;
            after = part.UpTo;
        }
        while (after is not null);
        return false;
    }
}
