using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Plain SQL with positional parameters ($1, $2, …), for statements that are more than reads and writes of one row.</summary>
internal static class SqlText
{
    /// <summary>A condition that a row must meet and that is no way to find it: no index is walked for it. It stands beside ids for what many rows share. Of a
    /// workspace that was filled a moment ago PostgreSQL has no statistics: it would take it for a row or two, and read all of it whenever a few of its rows are
    /// asked for by their ids.</summary>
    public static string Check(string condition) => $"({condition}) is true";

    public static NpgsqlCommand Sql(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        Bind(new NpgsqlCommand(sql, connection), values);

    public static NpgsqlCommand Sql(this NpgsqlDataSource database, string sql, params ReadOnlySpan<object?> values) =>
        Bind(database.CreateCommand(sql), values);

    /// <summary>On a connection of its own, opened when it is run.</summary>
    public static DatabaseCommand Sql(this Database database, string sql, params ReadOnlySpan<object?> values) => new(database, sql, values.ToArray());

    /// <summary>Executes and disposes of it; answers the rows that it touched.</summary>
    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command) return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads all rows and disposes of the command.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var list = new List<T>();
            while (await rows.ReadAsync(cancellationToken)) list.Add(read(rows));
            return list;
        }
    }

    /// <summary>Reads the first row and disposes of the command; the default where there is none.</summary>
    public static async Task<T?> FirstAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            return await rows.ReadAsync(cancellationToken) ? read(rows) : default;
        }
    }

    public static T? Nullable<T>(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? default : row.GetFieldValue<T>(column);

    private static NpgsqlCommand Bind(NpgsqlCommand command, ReadOnlySpan<object?> values)
    {
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
