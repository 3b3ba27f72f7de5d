using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>The PostgreSQL that the Server brings along: started in the data directory, adopted when it outlived its Server, stopped with it.</summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string User = "leadsens";
    private const string RuntimeUser = "leadsens_server";
    private static readonly TimeSpan StalePatience = TimeSpan.FromSeconds(10);

    private readonly PostgresHome _home;
    private readonly PostgresServer _server;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _stopped;

    private EmbeddedPostgres(PostgresHome home, PostgresServer server, int port, string password, string runtimePassword, bool adopted) =>
        (_home, _server, ConnectionString, RuntimeConnectionString, Adopted) = (home, server, Address(port, password), Address(port, runtimePassword, RuntimeUser), adopted);

    /// <summary>As the owner, for migrations.</summary>
    public string ConnectionString { get; }

    /// <summary>As the login that the Server works as: it owns nothing and is no superuser.</summary>
    public string RuntimeConnectionString { get; }

    /// <summary>True when a postmaster that outlived its Server was found and is used on.</summary>
    public bool Adopted { get; }

    /// <summary>Where the data lies: the data directory, or elsewhere when PostgreSQL's user cannot reach it.</summary>
    public string Root => _home.Root;

    /// <exception cref="DatabaseException">With a message for the person who starts the Server.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(DataOptions options, CancellationToken cancellationToken)
    {
        var home = await PostgresHome.OpenAsync(options.DataDirectory, cancellationToken);
        try
        {
            var binaries = await PostgresBinaries.ReachableAsync(PostgresBinaries.Find(), cancellationToken);
            var server = new PostgresServer(binaries, home, options.CountStatements);
            if (!home.HasCluster())
                await server.InitializeAsync(User, home.NewPassword(), cancellationToken);
            // Before anything runs that nobody could log in to.
            var password = home.ReadPassword();
            var (port, adopted) = await StartOrAdoptAsync(home, server, cancellationToken);
            server.KeepPort(port);
            return new EmbeddedPostgres(home, server, port, password, await RuntimePasswordAsync(home, Address(port, password), cancellationToken), adopted);
        }
        catch
        {
            home.Dispose();
            throw;
        }
    }

    /// <summary>Where a postmaster that runs in the data directory listens; null when none does. Who uses it this way has no lock and must not stop it.</summary>
    public static async Task<string?> RunningAddressAsync(DataOptions options, CancellationToken cancellationToken)
    {
        foreach (var home in PostgresHome.WithoutLock(options.DataDirectory))
        {
            using (home)
            {
                if (PostmasterFile.Read(home.Cluster) is { } running && running.ProcessLives() && await AdoptAsync(home, running, cancellationToken)) return Address(running.Port, home.ReadPassword());
            }
        }

        return null;
    }

    /// <summary>Starts it again, at the same address, where its postmaster died under the living Server. False when it lives.</summary>
    /// <exception cref="DatabaseException">It does not start.</exception>
    public async Task<bool> ReviveAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_stopped || PostmasterFile.Read(_home.Cluster)?.ProcessLives() == true)
                return false;
            await StartOrAdoptAsync(_home, _server, cancellationToken);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_stopped)
                return;
            _stopped = true;
            await _server.StopAsync("fast");
            _home.Dispose();
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<(int Port, bool Adopted)> StartOrAdoptAsync(PostgresHome home, PostgresServer server, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (PostmasterFile.Read(home.Cluster) is { } left)
            {
                if (left.ProcessLives() && await AdoptAsync(home, left, cancellationToken))
                    return (left.Port, true);
                if (!left.ProcessLives() && left.NamesAStranger())
                    File.Delete(left.Path);
            }
            var (port, refusal) = await server.TryStartAsync(cancellationToken);
            if (refusal is null)
                return (port, false);
            // What a killed postmaster leaves (its pid file, backends on their way out) is gone within moments.
            if (TimeProvider.System.GetElapsedTime(since) > StalePatience)
                throw new DatabaseException($"PostgreSQL did not start in {home.Cluster}: {refusal}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Only a login with our password that shows our directory proves that this postmaster is ours.</summary>
    private static async Task<bool> AdoptAsync(PostgresHome home, PostmasterFile left, CancellationToken cancellationToken)
    {
        while (left.ProcessLives())
        {
            try
            {
                await using var connection = new NpgsqlConnection(Address(left.Port, home.ReadPassword()) + ";Pooling=false;Timeout=5");
                await connection.OpenAsync(cancellationToken);
                await using var command = new NpgsqlCommand("show data_directory", connection);
                return (string?)await command.ExecuteScalarAsync(cancellationToken) == home.Cluster;
            }
            catch (PostgresException notYet) when (notYet.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                // It recovers from a crash, or it is on its way down: both end.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
            catch (NpgsqlException)
            {
                return false;
            }
        }
        return false;
    }

    /// <summary>Makes the runtime's login where there is none: the cluster is new, or of a version that had one login for everything. The file comes first, so that a start
    /// that is killed in between leaves a password that the next one gives the login.</summary>
    private static async Task<string> RuntimePasswordAsync(PostgresHome home, string owner, CancellationToken cancellationToken)
    {
        if (home.ReadRuntimePassword() is { } password && await MayLogInAsync(password)) return password;
        password = home.NewRuntimePassword();
        await using var connection = new NpgsqlConnection(owner + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        // Hexadecimal: nothing to escape.
        await using var command = new NpgsqlCommand(
            $"""
            do $$ begin
                if not exists (select from pg_roles where rolname = '{RuntimeUser}') then create role {RuntimeUser} login; end if;
            end $$;
            alter role {RuntimeUser} nosuperuser nocreatedb nocreaterole noreplication nobypassrls login password '{password}'
            """, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return password;

        async Task<bool> MayLogInAsync(string known)
        {
            try
            {
                await using var login = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(owner) { Username = RuntimeUser, Password = known, Pooling = false }.ConnectionString);
                await login.OpenAsync(cancellationToken);
                return true;
            }
            catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                return false;
            }
        }
    }

    private static string Address(int port, string password, string user = User) =>
        $"Host=127.0.0.1;Port={port};Database=postgres;Username={user};Password={password}";
}
