using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Tests.Support;

/// <summary>A throw-away database and its pool.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _cluster;

    /// <param name="cluster">As the owner.</param>
    /// <param name="runtime">As the login that Servers work as.</param>
    public TestDatabase(string name, string cluster, string runtime)
    {
        (_name, _cluster) = (name, cluster);
        ConnectionString = Address(runtime, name);
        OwnerConnectionString = Address(cluster, name);
        Owner = Pools.Plain(OwnerConnectionString);
        DataSource = new(Owner);
    }

    /// <summary>As Servers connect.</summary>
    public string ConnectionString { get; }

    public string OwnerConnectionString { get; }

    /// <summary>Called after SQL past the app: what an app remembers of callers it would hear of only a moment later, or (the clock) never.</summary>
    public event Action? Changed;

    /// <summary>Sees and changes everything, for what a test sets up and looks up.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>The same for parts of the Server that a test makes by itself.</summary>
    public SystemDatabase DataSource { get; }

    public static string Address(string cluster, string database) =>
        new NpgsqlConnectionStringBuilder(cluster) { Database = database }.ConnectionString;

    /// <summary>Moves the clock that leases, timers and limits go by.</summary>
    public Task ShiftClockAsync(TimeSpan by) => ExecuteAsync("update clock_shift set shift = shift + $1", by);

    public async Task<int> ExecuteAsync(string sql, params object?[] parameters)
    {
        await using var command = Create(sql, parameters);
        var rows = await command.ExecuteNonQueryAsync();
        Changed?.Invoke();
        return rows;
    }

    /// <summary>The first column of the first row; the default where there is no row or null.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params object?[] parameters)
    {
        await using var command = Create(sql, parameters);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>The first column of all rows.</summary>
    public async Task<List<T>> ListAsync<T>(string sql, params object?[] parameters)
    {
        await using var command = Create(sql, parameters);
        await using var rows = await command.ExecuteReaderAsync();
        var list = new List<T>();
        while (await rows.ReadAsync())
            list.Add(await rows.GetFieldValueAsync<T>(0));
        return list;
    }

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await TestPostgres.ExecuteAsync(_cluster, $"drop database {_name} with (force)");
    }

    private NpgsqlCommand Create(string sql, object?[] parameters)
    {
        var command = DataSource.CreateCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
