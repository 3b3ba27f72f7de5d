using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Secrets;

/// <summary>How many values of a column were sealed again, and why each of the others cannot be opened.</summary>
internal readonly record struct Walked(long Sealed, IReadOnlyList<string> Broken);

/// <summary>Seals a column's values again that are not as they would be sealed today. It works in small transactions and on whatever is left, so it can be stopped at any moment,
/// run again, and run beside Servers.</summary>
internal sealed class SealedWalk(Database database, SecretBox box)
{
    private const int Portion = 200;

    /// <summary>One value, at its place in the table.</summary>
    private sealed record Value(string Tid, string[] Keys, byte[] Envelope);

    /// <param name="unless">Values of this key are left, where they are bound as they should be; null: those of every key.</param>
    /// <param name="seals">Called in the transaction that seals a portion again, with the keys of each value and its old envelope.</param>
    public async Task<Walked> ExecuteAsync(
        SealedColumn column, MasterKey? unless, Func<NpgsqlConnection, IReadOnlyList<(string[] Keys, byte[] Envelope)>, Task> seals, CancellationToken cancellationToken)
    {
        var (renewed, broken) = (0L, new Dictionary<string, string>(StringComparer.Ordinal));
        while (true)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var portion = await ReadAsync(connection, column, unless, [.. broken.Keys], cancellationToken);
            if (portion.Count == 0) return new(renewed, [.. broken.Values]);
            var opened = new List<(Value Value, byte[] Envelope)>();
            foreach (var value in portion)
            {
                try
                {
                    opened.Add((value, box.Seal(Open(column, value), column.ContextOf(value.Keys), column.Version)));
                }
                catch (SealBrokenException reason)
                {
                    broken.Add(string.Join('/', value.Keys), reason.Message);
                }
            }

            if (opened.Count > 0) await seals(connection, [.. opened.Select(one => (one.Value.Keys, one.Value.Envelope))]);
            renewed += await WriteAsync(connection, column, opened, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static Task<List<Value>> ReadAsync(NpgsqlConnection connection, SealedColumn column, MasterKey? unless, string[] broken, CancellationToken cancellationToken)
    {
        var names = column.Keys.Select(key => $"{key}::text").ToList();
        return connection.Sql($"""
            select ctid::text, array[{string.Join(", ", names)}], {column.Column} from {column.Table}
            where ({column.IsOfAnotherVersion} or {column.IsOfAnotherKey}) and concat_ws('/', {string.Join(", ", names)}) <> all($2)
            order by {string.Join(", ", column.Keys)} limit {Portion} for update
            """, unless?.Id, broken)
            .ListAsync(row => new Value(row.GetString(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<byte[]>(2)), cancellationToken);
    }

    private byte[] Open(SealedColumn column, Value value) => column.FormerKeys is not null && value.Envelope is [var version, ..] && version == column.Version - 1
        ? box.Open(value.Envelope, column.FormerContextOf(value.Keys), version)
        : box.Open(value.Envelope, column.ContextOf(value.Keys), column.Version);

    private static async Task<int> WriteAsync(NpgsqlConnection connection, SealedColumn column, List<(Value Value, byte[] Envelope)> opened, CancellationToken cancellationToken) => opened.Count == 0 ? 0
        : await connection.Sql($"update {column.Table} t set {column.Column} = n.envelope from unnest($1::text[], $2::bytea[]) n (tid, envelope) where t.ctid = n.tid::tid",
            opened.Select(one => one.Value.Tid).ToArray(), opened.Select(one => one.Envelope).ToArray()).RunAsync(cancellationToken);
}
