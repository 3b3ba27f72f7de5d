using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Secrets;

/// <summary>How many values of a column were sealed again, and why each of the others cannot be opened.</summary>
internal readonly record struct Walked(long Sealed, IReadOnlyList<string> Broken);

/// <summary>Seals a column's values again that are not as they would be sealed today. It works in small transactions and on whatever is left, so it can be stopped at any moment,
/// run again, and run beside Servers. No statement looks at more than a part of the table, whose size is therefore no matter.</summary>
internal sealed class SealedWalk(Database database, SecretBox box)
{
    private const int Portion = 200;

    /// <summary>One value, at its place in the table.</summary>
    private sealed record Value(string Tid, string[] Row, string[] Keys, byte[] Envelope);

    /// <param name="unless">Values of this key are left, where they are bound as they should be; null: those of every key.</param>
    /// <param name="seals">Called in the transaction that seals a portion again, with the keys of each value and its old envelope.</param>
    public async Task<Walked> ExecuteAsync(
        SealedColumn column, MasterKey? unless, Func<NpgsqlConnection, IReadOnlyList<(string[] Keys, byte[] Envelope)>, Task> seals, CancellationToken cancellationToken)
    {
        var (renewed, broken) = (0L, new List<string>());
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        string[]? after = null;
        do
        {
            // Those of another version have an index of their own, which is empty but for once.
            var part = unless is null ? TablePart.Whole : await TablePart.BehindAsync(connection, column, after, cancellationToken);
            after = part.UpTo;
            for (TablePart? left = part; left is { } rest;)
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var portion = await ReadAsync(connection, column, unless, rest, cancellationToken);
                var opened = Open(column, portion, broken);
                if (opened.Count > 0) await seals(connection, [.. opened.Select(one => (one.Value.Keys, one.Value.Envelope))]);
                renewed += await WriteAsync(connection, column, opened, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                left = portion.Count == Portion ? rest with { After = portion[^1].Row } : null;
            }
        }
        while (after is not null);
        return new(renewed, broken);
    }

    private static Task<List<Value>> ReadAsync(NpgsqlConnection connection, SealedColumn column, MasterKey? unless, TablePart part, CancellationToken cancellationToken) =>
        connection.Sql($"""
            select ctid::text, {column.RowAsTexts}, {column.KeysAsTexts}, {column.Column} from {column.Table}
            where {(unless is null ? $"{column.IsOfAnotherVersion} and $1::bytea is null" : $"({column.IsOfAnotherVersion} or {column.IsOfAnotherKey})")} and {part.Condition(column, first: 2)}
            order by {column.RowList} limit {Portion} for update
            """, [unless?.Id, .. part.Values])
            .ListAsync(row => new Value(row.GetString(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<byte[]>(3)), cancellationToken);

    /// <summary>Those that can be opened, sealed as they should be; why the others cannot.</summary>
    private List<(Value Value, byte[] Envelope)> Open(SealedColumn column, List<Value> portion, List<string> broken)
    {
        var opened = new List<(Value, byte[])>(portion.Count);
        foreach (var value in portion)
        {
            try
            {
                opened.Add((value, box.Seal(Open(column, value), column.ContextOf(value.Keys), column.Version)));
            }
            catch (SealBrokenException reason)
            {
                broken.Add(reason.Message);
            }
        }

        return opened;
    }

    private byte[] Open(SealedColumn column, Value value) => column.FormerKeys is not null && value.Envelope is [var version, ..] && version == column.Version - 1
        ? box.Open(value.Envelope, column.FormerContextOf(value.Keys), version)
        : box.Open(value.Envelope, column.ContextOf(value.Keys), column.Version);

    private static async Task<int> WriteAsync(NpgsqlConnection connection, SealedColumn column, List<(Value Value, byte[] Envelope)> opened, CancellationToken cancellationToken) => opened.Count == 0 ? 0
        : await connection.Sql($"update {column.Table} t set {column.Column} = n.envelope from unnest($1::text[], $2::bytea[]) n (tid, envelope) where t.ctid = n.tid::tid",
            opened.Select(one => one.Value.Tid).ToArray(), opened.Select(one => one.Envelope).ToArray()).RunAsync(cancellationToken);
}
