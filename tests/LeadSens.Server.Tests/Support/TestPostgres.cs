using LeadSens.Server.Data;
using Npgsql;

// More than one per processor: a third of a test is waiting for a database, a browser or a second of the clock.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: AssemblyFixture(typeof(LeadSens.Server.Tests.Support.TestPostgres))]

namespace LeadSens.Server.Tests.Support;

/// <summary>One real PostgreSQL for the whole test process, started at its first use and thrown away at the end.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private const string Template = "leadsens_template";

    /// <summary>A database is some 800 files, which memory makes and unlinks at a fifth of a disk's price.</summary>
    private const long MemoryNeeded = 6L << 30;
    private static readonly string Root = Memory() ?? Path.GetTempPath();
    private static readonly string Prefix = Path.Combine(Root, "leadsens-test-");
    private static readonly Lazy<Task<EmbeddedPostgres>> Cluster = new(StartAsync);
    private static int _databases;

    /// <summary>A migrated, empty database of its own.</summary>
    internal static Task<TestDatabase> NewDatabaseAsync() => CreateAsync(Template);

    /// <summary>A database without any table.</summary>
    internal static Task<TestDatabase> BlankDatabaseAsync() => CreateAsync("template0");

    public async ValueTask DisposeAsync()
    {
        if (!Cluster.IsValueCreated)
            return;
        var cluster = await Cluster.Value;
        NpgsqlConnection.ClearAllPools();
        await cluster.DisposeAsync();
        try
        {
            Directory.Delete(cluster.Root, recursive: true);
        }
        catch (IOException)
        {
            // A backend on its way out still wrote a file; the next test process removes what is left.
        }
    }

    private static async Task<TestDatabase> CreateAsync(string template)
    {
        var cluster = await Cluster.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(cluster.ConnectionString, $"create database {name} template {template}");
        return new TestDatabase(name, cluster.ConnectionString, cluster.RuntimeConnectionString);
    }

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        await RemoveLeftOversAsync();
        var cluster = await EmbeddedPostgres.StartAsync(new DataOptions { DataDirectory = $"{Prefix}{Guid.CreateVersion7():N}" }, CancellationToken.None);
        await ExecuteAsync(cluster.ConnectionString, $"create database {Template}");
        await using (var template = Pools.Plain(TestDatabase.Address(cluster.ConnectionString, Template) + ";Pooling=false"))
            await new Migrator(template, new NpgsqlConnectionStringBuilder(cluster.RuntimeConnectionString).Username).MigrateAsync(CancellationToken.None);
        return cluster;
    }

    /// <summary>Test processes that were killed leave their cluster running; whoever gets its lock may stop and remove it.</summary>
    private static async Task RemoveLeftOversAsync()
    {
        foreach (var directory in Directory.GetDirectories(Root, Path.GetFileName(Prefix) + "*"))
        {
            try
            {
                using var left = await PostgresHome.OpenAsync(directory, CancellationToken.None);
                await new PostgresServer(await PostgresBinaries.ReachableAsync(PostgresBinaries.Find(), CancellationToken.None), left, countStatements: false).StopAsync("immediate");
                Directory.Delete(directory, recursive: true);
            }
            catch (Exception inUse) when (inUse is DatabaseException or IOException or UnauthorizedAccessException)
            {
                // Another test process works with it, or removes it just now.
            }
        }
    }

    private static string? Memory() => Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").AvailableFreeSpace > MemoryNeeded ? "/dev/shm" : null;

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
