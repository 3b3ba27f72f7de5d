using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Secrets;

/// <summary>Seals everything again with the key of today. It works in small transactions and on whatever is not sealed with that key yet, so it can be
/// stopped at any moment, run again, and run beside Servers that know both keys.</summary>
internal sealed class RotateKeys(NpgsqlDataSource database, MasterKeys keys, SecretBox box, TextWriter output)
{
    private const int Portion = 200;

    /// <summary>How many values of a column were sealed again, and how many nobody can open.</summary>
    private readonly record struct Walked(long Sealed, long Broken);

    /// <summary>One value, at its place in the table.</summary>
    private sealed record Value(string Tid, string[] Keys, byte[] Envelope);

    /// <returns>True when no value needs a previous key any more.</returns>
    public async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"The key of today is {keys.Current}; {keys.Previous.Count} previous: {(keys.Previous.Count == 0 ? "none" : string.Join(", ", keys.Previous))}");
        await RetireAsync(cancellationToken);
        var broken = 0L;
        foreach (var column in SealedColumns.All)
        {
            var walked = await WalkAsync(column, cancellationToken);
            broken += walked.Broken;
            await output.WriteLineAsync($"{column.Table}.{column.Column}: {walked.Sealed} sealed again, {walked.Broken} cannot be opened");
        }

        await output.WriteLineAsync(broken == 0
            ? "Nothing needs a previous key any more: they may be removed from LeadSens__PreviousEncryptionKeys when every Server has the key of today."
            : $"{broken} value(s) cannot be opened: leave the previous keys where they are, and add the missing ones.");
        return broken == 0;
    }

    /// <summary>What a previous key signed of what was goes on to verify when it is gone; links and exports of it end here.</summary>
    private async Task RetireAsync(CancellationToken cancellationToken)
    {
        foreach (var previous in keys.Previous)
        foreach (var use in SigningUse.Lasting)
        {
            var sealedKey = box.Seal(previous.Derive(use), SealedColumns.RetiredKeys.ContextOf(use, previous.ToString()));
            await database.Sql("insert into retired_keys (use, key_id, sealed_key, retired_at) values ($1, $2, $3, clock_now()) on conflict do nothing", use, previous.ToString(), sealedKey)
                .RunAsync(cancellationToken);
        }
    }

    private async Task<Walked> WalkAsync(SealedColumn column, CancellationToken cancellationToken)
    {
        var (renewed, broken) = (0L, new List<string>());
        while (true)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var portion = await ReadAsync(connection, column, broken, cancellationToken);
            if (portion.Count == 0) return new(renewed, broken.Count);
            var opened = new List<(Value Value, byte[] Envelope)>();
            foreach (var value in portion)
            {
                if (await OpenAsync(column, value) is { } plaintext) opened.Add((value, box.Seal(plaintext, column.ContextOf(value.Keys))));
                else broken.Add(Name(value.Keys));
            }

            renewed += await WriteAsync(connection, column, opened, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private Task<List<Value>> ReadAsync(NpgsqlConnection connection, SealedColumn column, List<string> broken, CancellationToken cancellationToken)
    {
        var names = column.Keys.Select(key => $"{key}::text").ToList();
        return connection.Sql($"""
            select ctid::text, array[{string.Join(", ", names)}], {column.Column} from {column.Table}
            where {column.Column} is not null and substring({column.Column} from 2 for {MasterKey.IdBytes}) <> $1 and concat_ws('/', {string.Join(", ", names)}) <> all($2)
            order by {string.Join(", ", column.Keys)} limit {Portion} for update
            """, keys.Current.Id, broken.ToArray()).ListAsync(row => new Value(row.GetString(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<byte[]>(2)), cancellationToken);
    }

    /// <summary>Null, and a line of what it is, where no key opens it.</summary>
    private async Task<byte[]?> OpenAsync(SealedColumn column, Value value)
    {
        try
        {
            return box.Open(value.Envelope, column.ContextOf(value.Keys));
        }
        catch (SealBrokenException broken)
        {
            await output.WriteLineAsync(broken.Message);
            return null;
        }
    }

    private static async Task<int> WriteAsync(NpgsqlConnection connection, SealedColumn column, List<(Value Value, byte[] Envelope)> opened, CancellationToken cancellationToken)
    {
        if (opened.Count == 0) return 0;
        if (column == SealedColumns.Credentials) await NoteAsync(connection, [.. opened.Select(one => Guid.Parse(one.Value.Keys[0]))], cancellationToken);
        return await connection.Sql($"update {column.Table} t set {column.Column} = n.envelope from unnest($1::text[], $2::bytea[]) n (tid, envelope) where t.ctid = n.tid::tid",
            opened.Select(one => one.Value.Tid).ToArray(), opened.Select(one => one.Envelope).ToArray()).RunAsync(cancellationToken);
    }

    /// <summary>The workspaces see that their credentials have another key.</summary>
    private static async Task NoteAsync(NpgsqlConnection connection, Guid[] connections, CancellationToken cancellationToken)
    {
        foreach (var (workspace, id) in await connection.Sql("select workspace_id, id from connections where id = any($1)", connections).ListAsync(row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken))
            await AuditLog.AppendAsync(connection, new(workspace, AuditActor.System, "connection.rotated", "connection", id), cancellationToken);
    }

    private static string Name(string[] keys) => string.Join('/', keys);
}
