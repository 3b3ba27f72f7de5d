using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>One statement with its values, that is run on a connection of its own.</summary>
internal readonly struct DatabaseCommand(Database database, string sql, object?[] values)
{
    /// <summary>Answers the rows that it touched.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.Sql(sql, values).RunAsync(cancellationToken);
    }

    public async Task<List<T>> ListAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.Sql(sql, values).ListAsync(read, cancellationToken);
    }

    /// <summary>The first row; the default where there is none.</summary>
    public async Task<T?> FirstAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.Sql(sql, values).FirstAsync(read, cancellationToken);
    }
}
