using Npgsql;

namespace LeadSens.Bench;

/// <summary>What a run cost the database.</summary>
internal sealed record DatabaseFigures(long Bytes, long Statements)
{
    public static async Task ForgetStatementsAsync(string database)
    {
        await using var connection = await OpenAsync(database);
        await ExecuteAsync<object>(connection, "select pg_stat_statements_reset()");
    }

    public static async Task<DatabaseFigures> ReadAsync(string database)
    {
        await using var connection = await OpenAsync(database);
        var statements = await ExecuteAsync<decimal>(connection, "select coalesce(sum(calls), 0) from pg_stat_statements");
        // Dead rows are no cost that stays.
        await ExecuteAsync<object>(connection, "vacuum");
        var bytes = await ExecuteAsync<decimal>(connection,
            "select sum(pg_total_relation_size(c.oid)) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'");
        return new((long)bytes, (long)statements);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await ExecuteAsync<object>(connection, "create extension if not exists pg_stat_statements");
        return connection;
    }

    private static async Task<T?> ExecuteAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
