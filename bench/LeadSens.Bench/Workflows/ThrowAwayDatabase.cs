using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Bench.Workflows;

/// <summary>A PostgreSQL as the Server brings it along, durable commits and all, in a directory that is removed at the end.</summary>
internal sealed class ThrowAwayDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres postgres;
    private readonly NpgsqlDataSource pool;

    private ThrowAwayDatabase(EmbeddedPostgres postgres) => (this.postgres, pool) = (postgres, Pools.Plain(postgres.ConnectionString));

    /// <summary>As the login that Servers work as.</summary>
    public string Address => postgres.RuntimeConnectionString;

    /// <summary>As the owner, who reads what the runs cost.</summary>
    public string OwnerAddress => postgres.ConnectionString;

    public static async Task<ThrowAwayDatabase> StartAsync(CancellationToken cancellationToken)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"leadsens-bench-{Guid.CreateVersion7():N}");
        var database = new ThrowAwayDatabase(await EmbeddedPostgres.StartAsync(new DataOptions { DataDirectory = directory, CountStatements = true }, cancellationToken));
        await new Migrator(database.pool, new NpgsqlConnectionStringBuilder(database.Address).Username).MigrateAsync(cancellationToken);
        return database;
    }

    /// <summary>Runs SQL that may take long.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await pool.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<T>> ListAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = pool.CreateCommand(sql);
        command.CommandTimeout = 0;
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken)) list.Add(rows.GetFieldValue<T>(0));
        return list;
    }

    public async ValueTask DisposeAsync()
    {
        await pool.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(postgres.Root, recursive: true);
    }
}
