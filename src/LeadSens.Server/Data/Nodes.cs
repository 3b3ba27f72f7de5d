using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>The Servers that share this database.</summary>
internal sealed class Nodes(SystemDatabase database)
{
    /// <summary>Nodes whose session is gone (killed, crashed, cut off): nobody holds their advisory lock, and their leases are free. A dead
    /// node is listed for an hour.</summary>
    public async Task<IReadOnlyList<Guid>> DeadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select id from nodes n where not " + HoldsItsLock);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var dead = new List<Guid>();
        while (await rows.ReadAsync(cancellationToken))
            dead.Add(rows.GetGuid(0));
        return dead;
    }

    /// <summary>Marks the dead and forgets those that everybody has had the time to see.</summary>
    public static async Task BuryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with marked as (update nodes n set dead_since = now() where dead_since is null and not {HoldsItsLock})
            delete from nodes where dead_since < now() - interval '1 hour'
            """, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Living nodes that seal with another key than this one, or do not say with which.</summary>
    public static Task<long> CountOthersAsync(NpgsqlConnection connection, string sealingKey, CancellationToken cancellationToken) =>
        connection.Sql($"select count(*) from nodes n where n.sealing_key is distinct from $1 and {HoldsItsLock}", sealingKey).FirstAsync(row => row.GetInt64(0), cancellationToken);

    private const string HoldsItsLock = """
        exists (select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 1 and l.database = (select oid from pg_database where datname = current_database())
            and l.classid = ((n.advisory_key >> 32) & 4294967295)::oid and l.objid = (n.advisory_key & 4294967295)::oid)
        """;
}
